using Workbench.Explorer.Data;
using Workbench.Explorer.Hosting;
using Workbench.Explorer.Models;
using Workbench.Interventions;

namespace Workbench.Explorer.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void Steering_settings_come_back_from_their_address()
    {
        var settings = new SteeringSettings
        {
            Prompt = "Represents a & b", Positions = EditPositionKind.Generated, Seed = 3, Temperature = 0, TopK = 40, TopP = 0.9, MaxTokens = 12, Chat = true,
            Edits = [new SteeringEdit(1207, 1.2, EditOperation.Add), new SteeringEdit(4021, -0.9, EditOperation.Clamp)],
        };
        SteeringSettings read = SteeringSettings.Parse("http://localhost/steering" + settings.ToQueryString());
        read.Edits.ShouldBe(settings.Edits);
        (read with { Edits = settings.Edits }).ShouldBe(settings);
    }

    [Fact]
    public void Numbers_out_of_range_in_an_address_are_brought_into_it()
    {
        SteeringSettings read = SteeringSettings.Parse("http://localhost/steering?tokens=99999999&temperature=-4&top-p=7&seed=-1&edits=1:1e9,x:2,3");
        (read.MaxTokens, read.Temperature, read.TopP, read.Seed).ShouldBe((1000, 0, 1, 0));
        read.Edits.ShouldBe([new SteeringEdit(1, 100, EditOperation.Add)]);
    }

    [Fact]
    public void A_feature_named_twice_in_an_address_is_steered_with_once()
    {
        SteeringSettings.Parse("http://localhost/steering?edits=7:1,7:2,8:1").Edits.Select(edit => edit.Latent).ShouldBe([7, 8]);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5210", true)]
    [InlineData("http://localhost:1", true)]
    [InlineData("http://[::1]:80", true)]
    public void Addresses_of_this_machine_need_no_token(string url, bool loopback)
    {
        ListenAddress.Parse(url, null).IsLoopback.ShouldBe(loopback);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5210")]
    [InlineData("http://*:5210")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("5210")]
    public void Other_addresses_are_refused_without_a_token(string url)
    {
        Should.Throw<UsageException>(() => ListenAddress.Parse(url, null));
    }

    [Theory]
    [InlineData(9.1234, "9.12")]
    [InlineData(0.98765, "0.988")]
    [InlineData(-0.5, "−0.500")]
    [InlineData(0.04321, "0.0432")]
    [InlineData(400128, "400,128")]
    [InlineData(double.NaN, "–")]
    public void Numbers_have_three_significant_digits_and_a_true_minus(double value, string expected)
    {
        Show.Number(value).ShouldBe(expected);
    }
}
