using Shouldly;
using Workbench.Models.Hub;
using Xunit;

namespace Workbench.Shared.Tests.Models.Hub;

public sealed class HubSettingsTests
{
    [Theory]
    [InlineData("HF_HUB_CACHE=/a;HUGGINGFACE_HUB_CACHE=/b;HF_HOME=/c", "/a")]
    [InlineData("HUGGINGFACE_HUB_CACHE=/b;HF_HOME=/c", "/b")]
    [InlineData("HF_HOME=/c;XDG_CACHE_HOME=/d", "/c/hub")]
    [InlineData("XDG_CACHE_HOME=/d", "/d/huggingface/hub")]
    public void The_cache_is_where_the_official_client_has_it(string variables, string expected)
    {
        Read(variables).CacheFolder.ShouldBe(expected);
    }

    [Fact]
    public void Endpoint_and_token_come_from_the_environment()
    {
        HubSettings settings = Read("HF_ENDPOINT=http://127.0.0.1:99/mirror/;HF_TOKEN= t ;HF_HOME=/c");

        settings.Endpoint.ShouldBe(new Uri("http://127.0.0.1:99/mirror"));
        settings.Token.ShouldBe("t");
    }

    [Fact]
    public void An_endpoint_that_is_no_address_is_refused()
    {
        Should.Throw<WorkbenchException>(() => Read("HF_ENDPOINT=ftp://x")).Message.ShouldStartWith("HF_ENDPOINT is 'ftp://x'");
    }

    [Theory]
    [InlineData("acme/tiny", "main")]
    [InlineData("acme/tiny@v1.0", "v1.0")]
    [InlineData("acme/tiny@refs/pr/3", "refs/pr/3")]
    public void A_reference_has_owner_name_and_revision(string text, string revision)
    {
        HubReference reference = HubReference.Parse(text);

        reference.Repository.ShouldBe("acme/tiny");
        reference.Revision.ShouldBe(revision);
        reference.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("../tiny")]
    [InlineData("acme/tiny/x")]
    [InlineData("acme/tiny@../../x")]
    [InlineData("acme/tiny@")]
    public void Anything_else_is_no_reference(string text)
    {
        Should.Throw<UsageException>(() => HubReference.Parse(text)).Message.ShouldContain($"'{text}'");
    }

    private static HubSettings Read(string variables)
    {
        var values = variables.Split(';').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return HubSettings.FromEnvironment(name => values.GetValueOrDefault(name));
    }
}
