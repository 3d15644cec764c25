using System.Globalization;

namespace Workbench.Explorer.Models;

/// <summary>Addresses of the pages; everything a page shows can be reached again by one of them.</summary>
public static class Address
{
    public static string Features(string dictionary, string? search = null)
    {
        string path = $"/dictionaries/{Uri.EscapeDataString(dictionary)}/features";
        return string.IsNullOrEmpty(search) ? path : $"{path}?q={Uri.EscapeDataString(search)}";
    }

    public static string Feature(string dictionary, int latent)
    {
        return string.Create(CultureInfo.InvariantCulture, $"/dictionaries/{Uri.EscapeDataString(dictionary)}/features/{latent}");
    }

    public static string Steering(string dictionary, int? latent = null)
    {
        string path = $"/dictionaries/{Uri.EscapeDataString(dictionary)}/steering";
        return latent is { } value ? string.Create(CultureInfo.InvariantCulture, $"{path}?edits={value}:1") : path;
    }
}
