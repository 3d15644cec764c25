using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries;

public sealed partial class SparseAutoencoder
{
    /// <summary>The same weights under other facts, such as another hook; sizes and arithmetic must stay.</summary>
    public SparseAutoencoder With(SparseAutoencoderConfig config)
    {
        using var scope = NewDisposeScope();
        return new SparseAutoencoder(config, Weights.Map(tensor => tensor.clone()));
    }

    /// <summary>
    /// The same function with decoder rows of unit norm, as SAELens exports what it trained with rescaling: columns of W_enc and
    /// entries of b_enc are multiplied by the row's norm and rows of W_dec divided by it. Without rescaling, a plain copy.
    /// </summary>
    public SparseAutoencoder WithUnitDecoder()
    {
        return With(Config, UnitDecoder());
    }

    /// <summary>The same function with the same latents for layouts that know no rescaling: the norm is folded into the weights.</summary>
    public SparseAutoencoder WithoutRescaling()
    {
        return With(Config with { RescaleByDecoderNorm = false }, UnitDecoder());
    }

    /// <summary>
    /// The same function for layouts that always or never subtract the decoder bias from the input: what the encoder makes of that
    /// bias moves into the encoder's biases.
    /// </summary>
    public SparseAutoencoder WithDecoderBiasSubtracted(bool subtracted)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        SparseWeights weights = Weights.Map(tensor => tensor.clone());
        if (subtracted != Config.SubtractDecoderBias)
        {
            double sign = subtracted ? 1 : -1;
            Tensor moved = DecoderBias.matmul(EncoderWeight) * sign;
            weights = weights with
            {
                EncoderBias = weights.EncoderBias?.add(moved),
                GateBias = weights.GateBias?.add(moved),
                MagnitudeBias = weights.MagnitudeBias?.add(moved * (weights.MagnitudeScale?.exp() ?? moved)),
                GluBias = weights.GluBias?.add(DecoderBias.matmul(Weights.GluEncoder!) * sign),
            };
        }

        return new SparseAutoencoder(Config with { SubtractDecoderBias = subtracted }, weights);
    }

    private SparseWeights UnitDecoder()
    {
        return Config.RescaleByDecoderNorm
            ? Weights with { Encoder = _encoder, EncoderBias = _encoderBias, Decoder = _directions }
            : Weights;
    }

    private static SparseAutoencoder With(SparseAutoencoderConfig config, SparseWeights shared)
    {
        using var scope = NewDisposeScope();
        return new SparseAutoencoder(config, shared.Map(tensor => tensor.clone()));
    }
}
