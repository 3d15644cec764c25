using Workbench.Interventions;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.Testing;

namespace Workbench.Shared.Tests.Interventions;

public sealed class EditPlanRefusalTests
{
    [Theory]
    [InlineData("""{"version":2,"edits":[]}""", "version")]
    [InlineData("""{"version":1}""", "edits")]
    [InlineData("""{"version":1,"edits":[],"more":0}""", "more")]
    [InlineData("""{"version":1,"edits":[{"hook":"blocks.0.hook_resid_post","operation":"add","vector":[1],"strength":1,"colour":"red"}]}""", "colour")]
    [InlineData("""{"version":1,"edits":[{"hook":"blocks.0.hook_resid_post","operation":"add","operation":"zero","vector":[1],"strength":1}]}""", "twice")]
    [InlineData("""{"version":1,"edits":[{"hook":"blocks.0.resid_post","operation":"add","vector":[1],"strength":1}]}""", "blocks.0.resid_post")]
    [InlineData("""{"version":1,"edits":[{"hook":"blocks.0.hook_resid_post","operation":"push","vector":[1],"strength":1}]}""", "push")]
    [InlineData("""{"version":1,"edits":[{"hook":"blocks.0.hook_resid_post","operation":"add","vector":[1]}]}""", "strength")]
    [InlineData("""{"version":1,"edits":[{"hook":"blocks.0.hook_resid_post","operation":"add","strength":1}]}""", "vector")]
    [InlineData("""{"version":1,"edits":[{"hook":"blocks.0.hook_resid_post","operation":"add","dictionary":"d","strength":1}]}""", "latent")]
    [InlineData("""{"version":1,"edits":[{"hook":"blocks.0.hook_resid_post","operation":"add","dictionary":"d","latent":1,"vector":[1],"strength":1}]}""", "vector")]
    [InlineData("""{"version":1,"edits":[{"hook":"blocks.0.hook_resid_post","operation":"add","vector":[0,0],"strength":1}]}""", "zero")]
    [InlineData("""{"version":1,"edits":[{"hook":"blocks.0.hook_resid_post","operation":"add","vector":[1],"strength":1,"unit":"max"}]}""", "max")]
    [InlineData("""{"version":1,"edits":[{"hook":"blocks.0.hook_resid_post","operation":"add","vector":[1],"strength":1,"positions":[3,2]}]}""", "positions")]
    [InlineData("""{"version":1,"edits":[{"hook":"blocks.0.hook_resid_post","operation":"add","vector":[1],"strength":1,"positions":"some"}]}""", "some")]
    [InlineData("""{"version":1,"edits":[{"hook":"blocks.0.hook_resid_post","operation":"add","vector":[1],"strength":1,"when":{"latent":1,"above":0}}]}""", "when")]
    [InlineData("""{"version":1,"edits":[{"hook":"blocks.0.hook_resid_post","operation":"add","vector":["a"],"strength":1}]}""", "edit plan")]
    [InlineData("[1,2", "edit plan")]
    public void A_wrong_plan_is_refused_with_a_sentence_that_names_what_is_wrong(string json, string named)
    {
        Should.Throw<WorkbenchException>(() => EditPlan.Parse(json)).Message.ShouldContain(named);
    }

    [Theory]
    [InlineData("blocks.9.hook_resid_post", "add", "\"vector\":[1,0,0,0],\"strength\":1", "blocks.9")]
    [InlineData("hook_pos_embed", "add", "\"vector\":[1,0,0,0],\"strength\":1", "hook_pos_embed")]
    [InlineData("blocks.0.hook_resid_post", "add", "\"vector\":[1,0],\"strength\":1", "expected 4")]
    [InlineData("blocks.0.hook_resid_post", "zero", "\"dictionary\":\"d\",\"latent\":2", "latents 0 to 1")]
    [InlineData("blocks.0.mlp.hook_post", "zero", "\"dictionary\":\"d\",\"latent\":1", "width 8")]
    public void An_edit_that_does_not_fit_the_model_is_refused(string hook, string operation, string rest, string named)
    {
        using var folder = new TemporaryFolder();
        using var dictionary = new HandDictionary();
        string path = new TinyModel { Layers = 1, Width = HandDictionary.Width, Intermediate = 8 }.Write(folder.At("model"));
        using LanguageModel model = ModelFiles.Find(path).LoadModel(precision: MatrixPrecision.Float32);
        EditPlan plan = EditPlan.Parse($$"""{"version":1,"edits":[{"hook":"{{hook}}","operation":"{{operation}}",{{rest}} }]}""");
        var resources = new EditResources(_ => dictionary, (_, _) => 1);
        Should.Throw<WorkbenchException>(() => plan.ToHooks(model, resources, 1)).Message.ShouldContain(named);
    }
}
