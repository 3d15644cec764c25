using System.Text;

namespace Workbench.Text.Tokenizers.Chat;

/// <summary>A for loop with its variable <c>loop</c>.</summary>
internal sealed class TemplateLoop(
    IReadOnlyList<string> targets,
    TemplateExpression items,
    TemplateExpression? condition,
    TemplateStatement body,
    TemplateStatement? otherwise)
{
    public LoopSignal Run(TemplateScope scope, StringBuilder output)
    {
        List<object?> chosen = [.. TemplateValues.Items(items(scope)).Where(item => condition is null || Passes(scope, item))];
        if (chosen.Count == 0)
        {
            return otherwise?.Invoke(scope, output) ?? LoopSignal.None;
        }

        for (int index = 0; index < chosen.Count; index++)
        {
            TemplateScope inner = Bind(scope, chosen[index]);
            inner.Set("loop", Describe(chosen, index));
            if (body(inner, output) == LoopSignal.Break)
            {
                break;
            }
        }

        return LoopSignal.None;
    }

    private bool Passes(TemplateScope scope, object? item)
    {
        return TemplateValues.IsTrue(condition!(Bind(scope, item)));
    }

    private TemplateScope Bind(TemplateScope scope, object? item)
    {
        var inner = new TemplateScope(scope);
        if (targets.Count == 1)
        {
            inner.Set(targets[0], item);
            return inner;
        }

        List<object?> parts = TemplateValues.Items(item);
        if (parts.Count != targets.Count)
        {
            throw TemplateError.Running($"it takes {targets.Count} values out of {parts.Count}");
        }

        for (int place = 0; place < parts.Count; place++)
        {
            inner.Set(targets[place], parts[place]);
        }

        return inner;
    }

    private static Dictionary<string, object?> Describe(List<object?> chosen, int index)
    {
        long count = chosen.Count;
        return new(StringComparer.Ordinal)
        {
            ["index"] = index + 1L,
            ["index0"] = (long)index,
            ["revindex"] = count - index,
            ["revindex0"] = count - index - 1,
            ["first"] = index == 0,
            ["last"] = index == count - 1,
            ["length"] = count,
            ["previtem"] = index > 0 ? chosen[index - 1] : TemplateUndefined.Value,
            ["nextitem"] = index + 1 < count ? chosen[index + 1] : TemplateUndefined.Value,
        };
    }
}
