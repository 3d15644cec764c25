using Workbench.Explorer.Jobs;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.Explorer.Tests;

public sealed class HarvestSpecTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void A_harvest_asks_its_program_for_what_the_dialog_says()
    {
        var workspace = new Workspace(_folder.At("w"));
        var plain = new HarvestSpec("h1", "m", "c", ["hook_embed", "blocks.1.hook_resid_post"], Tokens: 5000, Context: 64);
        string.Join(' ', plain.Arguments(workspace)).ShouldBe(
            $"run --workspace {workspace.Root} --model m --corpus c --hook hook_embed blocks.1.hook_resid_post --tokens 5000 --context 64 --id h1 --windows per-document");
        var filtered = plain with { Windows = "packed", ExcludeSpecial = true, MaxNormMultiple = 7.5 };
        string.Join(' ', filtered.Arguments(workspace)).ShouldEndWith("--windows packed --exclude-special --max-norm-multiple 7.5");
    }
}
