using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Models;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Interventions;

/// <summary>An edit with everything it needs, applied to activations. The formulas are those of <see cref="EditOperation"/>.</summary>
/// <remarks>Where latents are read at another hook point, they are those that the same pass has there, earlier edits included.</remarks>
internal sealed class EditAction
{
    private readonly Edit _edit;
    private readonly ILatentModel? _dictionary;
    private readonly float[] _direction;
    private readonly double _squaredLength;
    private readonly double _maximum;
    private readonly int _promptLength;
    private readonly HookPoint? _reads;
    private Tensor? _read;

    public EditAction(Edit edit, LanguageModel model, EditResources resources, int promptLength)
    {
        _edit = edit;
        _promptLength = promptLength;
        int width = model.HookWidth(edit.Hook);
        if (edit.Dictionary is string name && edit.Latent is int latent)
        {
            _dictionary = resources.Dictionary(name);
            EditSite site = EditSite.Of(edit, _dictionary, width);
            _reads = site.Reads;
            using Tensor direction = _dictionary.Direction(latent, site.Output);
            using Tensor onCpu = direction.to(ScalarType.Float32, CPU).contiguous();
            _direction = onCpu.data<float>().ToArray();
            _maximum = edit.NeedsStrength && edit.ResolvedUnit == EditUnit.Max && edit.Operation != EditOperation.Scale
                ? resources.Maximum(name, latent)
                : double.NaN;
        }
        else
        {
            _direction = [.. edit.Vector!];
        }

        _squaredLength = _direction.Sum(value => (double)value * value);
        if (_direction.Length != width || _squaredLength == 0)
        {
            throw new WorkbenchException(
                $"The edit at {edit.Hook} has a direction of {_direction.Length:N0} numbers and length {Math.Sqrt(_squaredLength):g3}; expected {width:N0} numbers, not all zero.");
        }
    }

    public IEnumerable<Hook> ToHooks()
    {
        if (_reads is { } before)
        {
            yield return new Hook(before, Keep);
        }

        yield return new Hook(_edit.Hook, Apply);
    }

    private Tensor? Keep(Tensor value, HookContext context)
    {
        _read?.Dispose();
        _read = value.DetachFromDisposeScope();
        return null;
    }

    private Tensor? Apply(Tensor value, HookContext context)
    {
        Tensor? edited = Edited(value, context);
        _read?.Dispose();
        _read = null;
        return edited;
    }

    /// <summary>Edits the columns that are meant of [batch, seq, width], in place.</summary>
    private Tensor? Edited(Tensor value, HookContext context)
    {
        using var scope = NewDisposeScope();
        (int start, int end) = _edit.Positions.Columns(context.FirstPosition, (int)value.shape[1], _promptLength);
        if (start == end)
        {
            return null;
        }

        if (_edit.Positions.Kind == EditPositionKind.Last && context.Mask is Tensor mask)
        {
            long[] lengths = mask.to(ScalarType.Int64).sum(1).cpu().data<long>().ToArray();
            for (int row = 0; row < lengths.Length; row++)
            {
                long last = Math.Max(lengths[row] - 1, 0);
                Change(all => all.narrow(0, row, 1).narrow(1, last, 1), value);
            }
        }
        else
        {
            Change(all => all.narrow(1, start, end - start), value);
        }

        return value;
    }

    private void Change(Func<Tensor, Tensor> choose, Tensor value)
    {
        Tensor part = choose(value);
        Tensor x = part.reshape(-1, _direction.Length);
        Tensor encoded = _read is null ? x : choose(_read).reshape(-1, _read.shape[^1]);
        Tensor direction = tensor(_direction, device: x.device);
        Tensor projection = x.mv(direction).div(_squaredLength).unsqueeze(1);
        Tensor? latents = _dictionary is not null && (_edit.NeedsLatent || _edit.When is not null) ? _dictionary.Encode(encoded).to(x.device) : null;
        Tensor z = latents is null || !_edit.NeedsLatent ? projection : latents.narrow(1, _edit.Latent!.Value, 1);
        Tensor change = _edit.Operation switch
        {
            EditOperation.Add => Amount(x),
            EditOperation.Clamp => Amount(x) - z,
            EditOperation.Scale => z * (_edit.Strength - 1),
            EditOperation.Zero => -z,
            EditOperation.ProjectOut => -projection,
            EditOperation.Cap => minimum(z, Amount(x)) - z,
            _ => throw new InvalidOperationException($"Operation {_edit.Operation} has no formula."),
        };
        if (_edit.NeedsLatent && _dictionary?.OutputScale(encoded) is Tensor scale)
        {
            // A latent counts in normalised units, so its direction moves each row by the row's own scale.
            change *= scale.to(x.device);
        }

        if (_edit.When is EditCondition when)
        {
            change *= latents!.narrow(1, when.Latent, 1) > when.Above;
        }

        part.copy_((x + (change * direction)).reshape(part.shape));
    }

    /// <summary>The strength as a multiple of the direction, [rows, 1].</summary>
    private Tensor Amount(Tensor x)
    {
        return _edit.ResolvedUnit switch
        {
            EditUnit.Max => full(x.shape[0], 1, _edit.Strength * _maximum, ScalarType.Float32, x.device),
            EditUnit.Norm => x.norm(1, keepdim: true) * (_edit.Strength / Math.Sqrt(_squaredLength)),
            _ => full(x.shape[0], 1, _edit.Strength, ScalarType.Float32, x.device),
        };
    }
}
