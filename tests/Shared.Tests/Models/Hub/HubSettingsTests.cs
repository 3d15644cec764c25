using Shouldly;
using Workbench.Models.Hub;
using Workbench.Testing;
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

    [Theory]
    [InlineData("HF_HUB_CACHE=~/hub;HOME=/home/ada", "/home/ada/hub")]
    [InlineData("HF_HOME=$SCRATCH/hf;SCRATCH=/fast", "/fast/hf/hub")]
    [InlineData("HF_HOME=/a/${USER}/hf;USER=ada", "/a/ada/hf/hub")]
    [InlineData("HF_HOME=/a/$NOTHING/hf", "/a/$NOTHING/hf/hub")]
    public void Folders_may_name_the_home_and_other_variables(string variables, string expected)
    {
        Read(variables).CacheFolder.ShouldBe(expected);
    }

    [Fact]
    public void The_token_of_a_login_serves_where_no_variable_is_set()
    {
        using var home = new TemporaryFolder();
        File.WriteAllText(home.At("token"), " hf_file\r\n");
        File.WriteAllText(home.At("other"), "hf_other\n");

        Read($"HF_HOME={home.Path}").Token.ShouldBe("hf_file");
        Read($"HF_HOME={home.Path};HF_TOKEN_PATH={home.At("other")}").Token.ShouldBe("hf_other");
        Read($"HF_HOME={home.Path};HUGGING_FACE_HUB_TOKEN=hf_old").Token.ShouldBe("hf_old");
        Read($"HF_HOME={home.Path};HF_TOKEN=hf_new;HUGGING_FACE_HUB_TOKEN=hf_old").Token.ShouldBe("hf_new");
        Read($"HF_HOME={home.Path};HF_HUB_DISABLE_IMPLICIT_TOKEN=1").Token.ShouldBeNull();
    }

    [Theory]
    [InlineData("HF_HUB_OFFLINE=1", true)]
    [InlineData("HF_HUB_OFFLINE=yes", true)]
    [InlineData("TRANSFORMERS_OFFLINE=TRUE", true)]
    [InlineData("HF_HUB_OFFLINE=0;TRANSFORMERS_OFFLINE=1", false)]
    [InlineData("HF_HUB_OFFLINE=maybe", false)]
    public void Offline_is_said_as_to_the_official_client(string variables, bool expected)
    {
        Read(variables + ";HF_HOME=/c").Offline.ShouldBe(expected);
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
