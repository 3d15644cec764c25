using Workbench.Models.Weights.Pickle;

namespace Workbench.Dictionaries.Formats.DictionaryLearning;

/// <summary>One <c>dict_class</c> of dictionary_learning: how its state dict is read and written.</summary>
internal abstract class DictionaryLearningClass
{
    /// <summary>In the order in which a dictionary is offered to them for writing.</summary>
    private static readonly DictionaryLearningClass[] s_all =
    [
        new UnitAutoEncoderClass(), new PlainAutoEncoderClass(), new GatedAutoEncoderClass(), new TopKAutoEncoderClass(),
        new MatryoshkaClass(), new BatchTopKClass(), new JumpReluAutoEncoderClass(),
    ];

    /// <summary>The name under <c>dict_class</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The name under <c>trainer_class</c> that goes with it.</summary>
    public abstract string Trainer { get; }

    /// <summary>Whether the decoder bias is subtracted from the input.</summary>
    public abstract bool SubtractsBias { get; }

    public static DictionaryLearningClass Find(DictionaryLearningSettings settings)
    {
        return s_all.FirstOrDefault(kind => kind.Name == settings.ClassName)
            ?? throw settings.Trainer.Bad("dict_class", string.Join(", ", s_all.Select(kind => kind.Name)), $"'{settings.ClassName}'");
    }

    /// <summary>The class that can hold a dictionary, or null.</summary>
    public static DictionaryLearningClass? Of(SparseAutoencoder dictionary)
    {
        return s_all.FirstOrDefault(kind => kind.Fits(dictionary));
    }

    public abstract bool Fits(SparseAutoencoder dictionary);

    public abstract (SparseAutoencoderConfig Config, SparseWeights Weights) Read(StrictTensors tensors, DictionaryLearningSettings settings);

    /// <summary>The state dict of a dictionary that fits and subtracts its bias as the class does.</summary>
    public abstract PickleDictionary Write(SparseAutoencoder dictionary);

    protected static SparseAutoencoderConfig Sized(SparseArchitecture architecture, long width, long latents, bool subtracts)
    {
        return new SparseAutoencoderConfig
        {
            Architecture = architecture,
            Width = checked((int)width),
            Latents = checked((int)latents),
            SubtractDecoderBias = subtracts,
        };
    }
}
