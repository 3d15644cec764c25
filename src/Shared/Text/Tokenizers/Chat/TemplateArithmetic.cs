namespace Workbench.Text.Tokenizers.Chat;

/// <summary>Python's arithmetic on the values of templates.</summary>
internal static class TemplateArithmetic
{
    public static object? Apply(string symbol, object? left, object? right)
    {
        return (symbol, left, right) switch
        {
            ("+", string a, string b) => a + b,
            ("+", List<object?> a, List<object?> b) => (List<object?>)[.. a, .. b],
            ("*", string a, long times) => string.Concat(Enumerable.Repeat(a, (int)Math.Clamp(times, 0, 100_000))),
            (not "/", long or bool, long or bool) => Whole(symbol, TemplateValues.Integer(left), TemplateValues.Integer(right)),
            _ when TemplateValues.Number(left) is { } a && TemplateValues.Number(right) is { } b => Real(symbol, a, b),
            _ => throw TemplateError.Running($"it computes {TemplateValues.Name(left)} {symbol} {TemplateValues.Name(right)}"),
        };
    }

    private static long Whole(string symbol, long left, long right)
    {
        return symbol switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            _ when right == 0 => throw TemplateError.Running("it divides by zero"),
            "//" => (long)Math.Floor((double)left / right),
            _ => left - (right * (long)Math.Floor((double)left / right)),
        };
    }

    private static double Real(string symbol, double left, double right)
    {
        return symbol switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            _ when right == 0 => throw TemplateError.Running("it divides by zero"),
            "/" => left / right,
            "//" => Math.Floor(left / right),
            _ => left - (right * Math.Floor(left / right)),
        };
    }
}
