using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Models;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Interventions;

/// <summary>An edit with everything it needs, applied to activations. The formulas are those of <see cref="EditOperation"/>.</summary>
internal sealed class EditAction
{
    private readonly Edit _edit;
    private readonly ILatentModel? _dictionary;
    private readonly float[] _direction;
    private readonly double _squaredLength;
    private readonly double _maximum;
    private readonly int _promptLength;

    public EditAction(Edit edit, LanguageModel model, EditResources resources, int promptLength)
    {
        _edit = edit;
        _promptLength = promptLength;
        int width = model.HookWidth(edit.Hook);
        if (edit.Dictionary is string name && edit.Latent is int latent)
        {
            _dictionary = resources.Dictionary(name);
            Check(_dictionary, name, latent, width);
            using Tensor direction = _dictionary.Direction(latent);
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

    public Hook ToHook()
    {
        return new Hook(_edit.Hook, Apply);
    }

    /// <summary>Edits the columns that are meant of [batch, seq, width], in place.</summary>
    private Tensor? Apply(Tensor value, HookContext context)
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
                Change(value.narrow(0, row, 1).narrow(1, Math.Max(lengths[row] - 1, 0), 1));
            }
        }
        else
        {
            Change(value.narrow(1, start, end - start));
        }

        return value;
    }

    private void Change(Tensor part)
    {
        Tensor x = part.reshape(-1, _direction.Length);
        Tensor direction = tensor(_direction, device: x.device);
        Tensor projection = x.mv(direction).div(_squaredLength).unsqueeze(1);
        Tensor? latents = _dictionary is not null && (NeedsLatent || _edit.When is not null) ? _dictionary.Encode(x).to(x.device) : null;
        Tensor z = latents is null || !NeedsLatent ? projection : latents.narrow(1, _edit.Latent!.Value, 1);
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
        if (NeedsLatent && _dictionary?.OutputScale(x) is Tensor scale)
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

    private bool NeedsLatent => _edit.Operation is not (EditOperation.Add or EditOperation.ProjectOut);

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

    private void Check(ILatentModel dictionary, string name, int latent, int width)
    {
        int highest = Math.Max(latent, _edit.When?.Latent ?? 0);
        if (highest >= dictionary.Latents)
        {
            throw new WorkbenchException($"The edit at {_edit.Hook} names latent {highest} of '{name}', which has latents 0 to {dictionary.Latents - 1:N0}.");
        }

        bool encodes = NeedsLatent || _edit.When is not null;
        if (encodes && (dictionary.Inputs.Count != 1 || dictionary.Outputs.Count != 1 || dictionary.Inputs[0] != dictionary.Outputs[0] || dictionary.Inputs[0].Width != width))
        {
            throw new WorkbenchException(
                $"The edit at {_edit.Hook} reads latents of '{name}', which needs a dictionary that reads and writes one hook of width {width:N0}; use add or project_out, or another hook.");
        }
    }
}
