using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>How tokens enter the residual stream.</summary>
/// <param name="table">float32 [vocabulary, width].</param>
internal sealed class TokenEmbedding(Tensor table) : IDisposable
{
    private readonly Tensor? _positions;

    /// <summary>float32 [vocabulary, width].</summary>
    public Tensor Table { get; } = table.DetachFromDisposeScope();

    /// <summary>Factor of the embedding.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Learned positions, float32 [context, width]; null for none.</summary>
    public Tensor? Positions
    {
        get => _positions;
        init => _positions = value?.DetachFromDisposeScope();
    }

    /// <summary>Fills the stream.</summary>
    /// <returns>Whether the pass goes on.</returns>
    public bool Run(ForwardPass pass, ResidualStream stream)
    {
        using var scope = NewDisposeScope();
        Tensor values = stream.Values;
        values.copy_(Table.index_select(0, pass.Tokens.reshape(-1)));
        if (Scale != 1)
        {
            values.mul_(Scale);
        }

        if (!stream.Pass(new HookPoint(HookKind.Embed)))
        {
            return false;
        }

        if (Positions is null)
        {
            return true;
        }

        Tensor positions = Positions.narrow(0, pass.FirstPosition, pass.Length).unsqueeze(0).expand(pass.Batch, pass.Length, stream.Width);
        positions = pass.Apply(new HookPoint(HookKind.PositionEmbed), positions) ?? positions;
        values.add_(positions.reshape(pass.Rows, stream.Width));
        return !pass.Done;
    }

    public void Dispose()
    {
        Table.Dispose();
        Positions?.Dispose();
    }
}
