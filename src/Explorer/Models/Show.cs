using System.Globalization;

namespace Workbench.Explorer.Models;

/// <summary>Numbers as people read them: three significant digits, a thin unit, a true minus.</summary>
public static class Show
{
    private const string Absent = "–";

    /// <summary>Three significant digits.</summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value))
        {
            return Absent;
        }

        double size = Math.Abs(value);
        string text = size switch
        {
            0 => "0",
            >= 1e6 or < 0.001 => value.ToString("0.00e0", CultureInfo.InvariantCulture),
            >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
            >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
            >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
            >= 0.1 => value.ToString("0.000", CultureInfo.InvariantCulture),
            _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
        };
        return text.Replace('-', '−');
    }

    /// <summary>Two decimals, for columns whose decimal points line up.</summary>
    public static string Fixed(double value)
    {
        return double.IsNaN(value) ? Absent : value.ToString("0.00", CultureInfo.InvariantCulture).Replace('-', '−');
    }

    /// <summary>With a sign.</summary>
    public static string Signed(double value)
    {
        return value < 0 ? Fixed(value) : "+" + Fixed(value);
    }

    /// <summary>A share as a percentage with three significant digits.</summary>
    public static string Percent(double share)
    {
        double percent = share * 100;
        string form = percent switch
        {
            0 => "0",
            >= 10 => "0.0",
            >= 0.1 => "0.00",
            >= 0.001 => "0.0000",
            _ => "0.0e0",
        };
        return double.IsNaN(percent) ? Absent : percent.ToString(form, CultureInfo.InvariantCulture) + " %";
    }

    /// <summary>A whole number with separators.</summary>
    public static string Count(long value)
    {
        return value.ToString("N0", CultureInfo.InvariantCulture);
    }

    /// <summary>A large number in thousands or millions.</summary>
    public static string Short(double value)
    {
        return value switch
        {
            >= 1e6 => (value / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + " M",
            >= 1e4 => (value / 1e3).ToString("0", CultureInfo.InvariantCulture) + " k",
            >= 1e3 => (value / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " k",
            >= 10 or 0 => value.ToString("0", CultureInfo.InvariantCulture),
            _ => value.ToString("0.0", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A length of time.</summary>
    public static string Duration(TimeSpan time)
    {
        return time.TotalSeconds switch
        {
            < 90 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.TotalSeconds):0} s"),
            < 5400 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:00} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min"),
        };
    }

    /// <summary>A size on disk.</summary>
    public static string Bytes(long bytes)
    {
        return bytes switch
        {
            >= 1_000_000_000 => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " GB",
            >= 1_000_000 => (bytes / 1e6).ToString("0", CultureInfo.InvariantCulture) + " MB",
            _ => (bytes / 1e3).ToString("0", CultureInfo.InvariantCulture) + " kB",
        };
    }

    /// <summary>A hook point's name where there is little room: its layer, and the rest without what all names share.</summary>
    public static string Hook(string name)
    {
        string text = name.Replace("blocks.", string.Empty, StringComparison.Ordinal).Replace("hook_", string.Empty, StringComparison.Ordinal);
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && char.IsAsciiDigit(text[0]) ? $"{text[..dot]} {text[(dot + 1)..]}" : text;
    }

    /// <summary>The first digits of a hash.</summary>
    public static string Hash(string? hash)
    {
        return hash is null ? Absent : hash[..Math.Min(6, hash.Length)];
    }
}
