using Workbench.Models;
using Workbench.Numerics;
using Workbench.Testing;

namespace Workbench.Shared.Tests.Models;

/// <summary>Golden models of every family, written as GGUF.</summary>
[Trait("Category", "Golden")]
public sealed class GgufFamilyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void A_model_written_as_GGUF_gives_the_references_hooks_and_continuations()
    {
        foreach (LanguageModelCase golden in LanguageModelCase.All().Where(golden => golden.IsWhole))
        {
            if (GgufModel.TryConvert(golden) is byte[] bytes)
            {
                string path = _folder.At(golden.Name + ".gguf");
                File.WriteAllBytes(path, bytes);
                using LanguageModel model = ModelFiles.Find(path).LoadModel(precision: MatrixPrecision.Float32);
                golden.RequireHooks(model);
                golden.RequireContinuations(model);
            }
        }
    }
}
