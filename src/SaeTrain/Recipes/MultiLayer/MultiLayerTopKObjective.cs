using System.Text.Json;
using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Objectives.Selection;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.MultiLayer;

/// <summary>The loss of tim-lawson/mlsae over batches that hold the same tokens at every hook, one hook after the other.</summary>
/// <remarks>
/// Rows are standardised before encoding, which the reconstruction undoes. <c>mse = mean_hooks mean (x_hat - x)² / var x</c>, each over
/// the hook's rows and features. <c>auxk = c mean (e - R)² / mean (e - mean_d e)²</c>, e = x - x_hat not detached, R decodes with the
/// bias the largest positive pre-activations of dead latents, and as the peer has it R stays in standardised units. Decoder rows
/// are made unit norm before the update, and the gradient then loses its part along them.
/// </remarks>
/// <param name="parameters">The weights; the encoder's bias stays as it is.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="hooks">Names of the hooks.</param>
/// <param name="deadSteps">A latent is dead where it has not fired for this number of steps, the present one included.</param>
/// <param name="matrixType">Number type of the encoder product.</param>
internal sealed class MultiLayerTopKObjective(
    ParameterSet parameters, MultiLayerTopKOptions options, IReadOnlyList<string> hooks, long deadSteps, ScalarType matrixType)
    : TopKObjective(parameters, options.K, new RowTopK(parameters, matrixType))
{
    public override void Begin(TrainingBatch batch)
    {
        Parameters.DecoderBias.copy_(GeometricMedian.Of(StandardisedRows.Of(batch.Input).Rows));
    }

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor x = batch.Input;
        StandardisedRows rows = StandardisedRows.Of(x);
        (LatentChoice choice, Tensor pre) = Rows.Encode(rows.Rows, norm: null, K);
        Tensor latents = RowTopK.Latents(choice, pre);
        Tensor reconstruction = rows.Undo(Rows.Reconstruct(choice, latents));
        Tensor error = x - reconstruction;
        Tensor share = (Squares(error) / ByHook(x).var(1)).mean();
        Counters.Count(Counters.Fired(choice.Indices, latents, options.DeadThreshold), amount: 1, afterFiring: 1);
        Tensor dead = Counters.AtLeast(deadSteps);
        Tensor auxiliary = Auxiliary(rows.Rows, error, dead) * options.AuxkCoef;
        return new ForwardPass(
            new LossTerms(share + auxiliary, [("mse", share), ("auxk", auxiliary)]),
            reconstruction.detach(),
            RowTopK.ActiveLatents(latents),
            dead.shape[0]);
    }

    public override void AfterBackward()
    {
        Parameters.EncoderBias.grad!.zero_();
        UnitDecoder.Normalise(Parameters.Decoder, 0);
        UnitDecoder.RemoveParallel(Parameters.Decoder);
    }

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        SparseAutoencoderConfig config = template with
        {
            Architecture = SparseArchitecture.TopK,
            K = K,
            Normalization = InputNormalization.LayerNorm,
            Metadata = new Dictionary<string, JsonElement>(template.Metadata) { ["hook_names"] = JsonSerializer.SerializeToElement(hooks) },
        };
        return InferenceForm.Of(config, weight);
    }

    private Tensor Auxiliary(Tensor standardised, Tensor error, Tensor dead)
    {
        Tensor prediction = Parameters.DecoderBias;
        if (dead.shape[0] > 0)
        {
            Tensor kept = DeadLatents.KeepLargest(DeadLatents.PreActivations(Parameters, standardised, dead), options.Auxk).relu();
            prediction = kept.mm(Parameters.Decoder.index_select(0, dead)) + prediction;
        }

        Tensor spread = (error - error.mean([-1], keepdim: true)).pow(2.0).mean();
        return ((error - prediction).pow(2.0).mean() / spread).nan_to_num(0);
    }

    private Tensor ByHook(Tensor rows)
    {
        return rows.reshape(hooks.Count, -1);
    }

    private Tensor Squares(Tensor error)
    {
        return ByHook(error.pow(2.0)).mean([1]);
    }
}
