using System.Text.Json;
using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Recipes.SaeLens;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.Scaling;
using Workbench.SaeTrain.Training.Settings;
using Workbench.Testing;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Training;

public sealed class MultiHookTrainingTests : IDisposable
{
    private static readonly string[] s_hooks = ["blocks.0.hook_resid_post", "blocks.1.hook_resid_post"];

    private readonly string _workspace = Directory.CreateTempSubdirectory("hooks").FullName;

    [Fact]
    public void A_crosscoder_is_trained_on_all_hooks_saved_and_loaded()
    {
        using var scope = NewDisposeScope();
        new SyntheticHarvest { Hooks = s_hooks, Rows = 1024 }.Write(_workspace);

        TrainingResult result = Run("d1", "crosscoder-batchtopk", null).Execute(CancellationToken.None);

        using ILatentModel model = DictionaryLoader.Load(new Workspace(_workspace).DictionaryFolder("d1").Path);
        Crosscoder crosscoder = model.ShouldBeOfType<Crosscoder>();
        crosscoder.WeightsHash.ShouldBe(result.WeightsHash);
        crosscoder.Inputs.Select(site => site.Hook).ShouldBe(s_hooks);
        Tensor x = randn(5, 32, generator: new Generator(1));
        Tensor code = crosscoder.Encode(x);
        Tensor byHook = cat([.. Enumerable.Range(0, 2).Select(hook => stack([.. Enumerable.Range(0, 64).Select(latent => crosscoder.Direction(latent, hook))]))], 1);
        TensorAssert.CloseToScale(crosscoder.Decode(code), code.mm(byHook) + crosscoder.Joint.DecoderBias, 1e-5, "decoded");
        crosscoder.Part(x, 1).Equals(x.narrow(1, 16, 16)).ShouldBeTrue();
        crosscoder.Join([x.narrow(1, 0, 16), x.narrow(1, 16, 16)]).Equals(x).ShouldBeTrue();
        Should.Throw<WorkbenchException>(() => crosscoder.Join([x])).Message.ShouldContain(s_hooks[1]);
        Should.Throw<WorkbenchException>(() => DictionaryLoader.LoadSparse(new Workspace(_workspace).DictionaryFolder("d1").Path)).Message.ShouldContain("Crosscoder");
    }

    [Theory]
    [InlineData("crosscoder-batchtopk")]
    [InlineData("mlsae-topk")]
    [InlineData("saelens-matryoshka")]
    public void An_interrupted_training_ends_the_same(string recipe)
    {
        new SyntheticHarvest { Hooks = s_hooks, Rows = 1024 }.Write(_workspace);
        TrainingResult whole = Run("whole", recipe, null).Execute(CancellationToken.None);
        using var stop = new CancellationTokenSource();

        Should.Throw<OperationCanceledException>(() => Run("stopped", recipe, new StopAt(stop, 7)).Execute(stop.Token));
        TrainingResult result = Run("stopped", recipe, null).Execute(CancellationToken.None);

        result.WeightsHash.ShouldBe(whole.WeightsHash);
    }

    [Fact]
    public void A_multi_layer_dictionary_names_its_hooks_and_standardises()
    {
        new SyntheticHarvest { Hooks = s_hooks, Rows = 1024 }.Write(_workspace);

        TrainingResult result = Run("d1", "mlsae-topk", null).Execute(CancellationToken.None);

        using SparseAutoencoder dictionary = DictionaryLoader.LoadSparse(new Workspace(_workspace).DictionaryFolder("d1").Path);
        dictionary.Config.Normalization.ShouldBe(InputNormalization.LayerNorm);
        dictionary.Config.Metadata["hook_names"].EnumerateArray().Select(hook => hook.GetString()).ShouldBe(s_hooks);
        result.Last!.Fvu!.Value.ShouldBeLessThan(0.9);
    }

    [Theory]
    [InlineData("mlsae-topk", 2046)]
    [InlineData("crosscoder-batchtopk", 2048)]
    public void The_default_batch_shares_out_evenly_over_pooled_hooks(string recipe, int batch)
    {
        new SyntheticHarvest { Hooks = [.. s_hooks, "blocks.2.hook_resid_post"], Rows = 4096 }.Write(_workspace);
        TrainingSettings settings = new TrainingSettings()
            .Set(nameof(TrainingConfig.Harvest), "h1")
            .Set(nameof(TrainingConfig.Recipe), recipe)
            .Set(nameof(TrainingConfig.Latents), 64);

        TrainingPlan.Resolve(settings, Harvest.ReadInfo(new Workspace(_workspace).HarvestFolder("h1").Path), stored: null).Batch.ShouldBe(batch);
    }

    [Fact]
    public void A_crosscoder_of_one_hook_is_batch_top_k()
    {
        using var scope = NewDisposeScope();
        IRecipe[] recipes = [RecipeRegistry.Find("crosscoder-batchtopk", null), RecipeRegistry.Find("saelens-batchtopk", null)];
        Tensor[] batches = [.. Enumerable.Range(0, 12).Select(seed => (randn(64, 16, generator: new Generator((ulong)seed)) * 3) + 1)];

        SparseAutoencoder[] trained = [.. recipes.Select(recipe => Train(recipe, batches))];

        TensorAssert.CloseToScale(trained[1].Reconstruct(batches[3]), trained[0].Reconstruct(batches[3]), 1e-5, "reconstruction");
        Tensor norms = trained[1].Encode(batches[3]).gt(0);
        trained[0].Encode(batches[3]).gt(0).Equals(norms).ShouldBeTrue();
        norms.sum().item<long>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Scales_of_hooks_are_folded_into_a_crosscoder()
    {
        using var scope = NewDisposeScope();
        IRecipe recipe = RecipeRegistry.Find("crosscoder-batchtopk", null);
        Tensor x = cat([randn(64, 6, generator: new Generator(1)) * 50, randn(64, 10, generator: new Generator(2))], 1);
        TrainingConfig config = Config(recipe, 6, 10);
        DataConstants constants = recipe.Measure(config, new TrainingBatch(x));
        Tensor scaled = x.clone();
        constants.Scale(new TrainingBatch(scaled));

        scaled.narrow(1, 0, 6).norm(1).mean().item<float>().ShouldBe(MathF.Sqrt(6), 1e-4f);
        scaled.narrow(1, 6, 10).norm(1).mean().item<float>().ShouldBe(MathF.Sqrt(10), 1e-4f);
        using ParameterSet parameters = recipe.Initialise(config, new TrainingBatch(scaled), CPU);
        using ITrainingObjective objective = recipe.Objective(config, parameters, constants);
        Tensor expected = objective.Forward(new TrainingBatch(scaled), 0).Reconstruction;
        using var folded = (Crosscoder)objective.ToInference(Template(config), name => parameters[name]);
        Tensor reconstruction = folded.Decode(Kept(folded.Joint, x, (int)(8.0 * 64)));
        constants.Scale(new TrainingBatch(reconstruction));
        TensorAssert.CloseToScale(expected, reconstruction, 1e-4, "reconstruction");
    }

    public void Dispose()
    {
        Directory.Delete(_workspace, recursive: true);
    }

    /// <summary>The largest latents of a batch by a dictionary whose thresholds are not used.</summary>
    private static Tensor Kept(SparseAutoencoder dictionary, Tensor x, int count)
    {
        Tensor pre = (x - dictionary.DecoderBias).mm(dictionary.EncoderWeight) + dictionary.EncoderBias;
        return Objectives.ObjectiveCase.Largest(pre.relu(), count);
    }

    private static SparseAutoencoder Train(IRecipe recipe, Tensor[] batches)
    {
        TrainingConfig config = Config(recipe, 16);
        DataConstants constants = recipe.Measure(config, new TrainingBatch(batches[0].clone()));
        using ParameterSet parameters = recipe.Initialise(config, new TrainingBatch(batches[0]), CPU);
        using IOptimizer optimizer = recipe.Optimizer(config, parameters);
        using ITrainingObjective objective = recipe.Objective(config, parameters, constants);
        using var backend = new AutogradBackend(objective, optimizer, 1, null);
        using var trainer = new DictionaryTrainer(objective, optimizer, recipe.LearningRate(config), constants, backend);
        foreach (Tensor batch in batches)
        {
            trainer.Step(new TrainingBatch(batch.clone()));
        }

        ILatentModel model = objective.ToInference(Template(config), optimizer.ForInference);
        return model is Crosscoder crosscoder ? crosscoder.Joint : (SparseAutoencoder)model;
    }

    private static SparseAutoencoderConfig Template(TrainingConfig config)
    {
        return new SparseAutoencoderConfig { Architecture = SparseArchitecture.TopK, Width = config.Width, Latents = config.Latents, K = 1 };
    }

    private static TrainingConfig Config(IRecipe recipe, params int[] widths)
    {
        var sizes = new RunSizes(widths.Sum(), widths.Sum(), 48, 64, 12);
        Dictionary<string, JsonElement> options = new()
        {
            ["k"] = JsonSerializer.SerializeToElement(8),
            ["normalize_activations"] = JsonSerializer.SerializeToElement(SaeLensOptions.ExpectedAverage),
            ["topk_threshold_lr"] = JsonSerializer.SerializeToElement(0.3),
        };
        return RecipeConfig.Of(recipe, sizes, options) with
        {
            Hooks = [.. widths.Select((_, hook) => $"hook {hook}")], HookWidths = widths, Seed = 5, LearningRate = 1e-2, WarmUpSteps = 0, DecaySteps = 0, DeadTokens = 128,
        };
    }

    private DictionaryRun Run(string id, string recipe, IProgressSink? sink)
    {
        TrainingSettings settings = new TrainingSettings()
            .Set(nameof(TrainingConfig.Harvest), "h1")
            .Set(nameof(TrainingConfig.Recipe), recipe)
            .Set(nameof(TrainingConfig.Latents), 64)
            .Set(nameof(TrainingConfig.Batch), 256)
            .Set(nameof(TrainingConfig.Threads), 1)
            .SetOption("k", JsonSerializer.SerializeToElement(6));
        if (recipe == "saelens-matryoshka")
        {
            settings = settings
                .Set(nameof(TrainingConfig.Hooks), new[] { s_hooks[0] })
                .SetOption("random_prefixes", JsonSerializer.SerializeToElement(4))
                .SetOption("prefix_weights", JsonSerializer.SerializeToElement("1/G"));
        }

        return new DictionaryRun(new TrainingRequest(_workspace, id, settings), TextWriter.Null, sink, new SteppingTime());
    }

    /// <summary>Cancels at a step.</summary>
    private sealed class StopAt(CancellationTokenSource stop, long step) : IProgressSink
    {
        public void Update(RunProgress progress)
        {
            if (progress.Done >= step)
            {
                stop.Cancel();
            }
        }
    }

    /// <summary>A second passes at every look, so that every step is reported.</summary>
    private sealed class SteppingTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp()
        {
            return Interlocked.Increment(ref _ticks);
        }
    }
}
