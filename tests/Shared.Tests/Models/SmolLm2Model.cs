using System.Text.Json;
using Workbench.Models;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.Testing;

namespace Workbench.Shared.Tests.Models;

/// <summary>The real model, loaded once in float32, and what the reference computed from it.</summary>
public sealed class SmolLm2Model : IDisposable
{
    private readonly Lazy<LoadedModel> _loaded = new(() =>
        ModelLoader.Load(Golden.RequireModel(), new ModelLoadOptions { Precision = MatrixPrecision.Float32 }));

    public (LoadedModel Loaded, JsonElement Expected, SafetensorsFile Reference) Require()
    {
        string folder = Golden.Require("smollm2");
        _ = Golden.RequireModel();
        return (_loaded.Value, Golden.Json(folder, "expected.json"), SafetensorsFile.Open(Path.Combine(folder, "io.safetensors")));
    }

    public void Dispose()
    {
        if (_loaded.IsValueCreated)
        {
            _loaded.Value.Dispose();
        }
    }
}
