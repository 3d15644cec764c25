using System.Globalization;

namespace Workbench.Text.Tokenizers.Chat;

/// <summary>Compiles literals, names, members, slices, calls, filters and tests.</summary>
internal sealed class OperandParser(TokenReader reader, ExpressionParser expressions)
{
    public TemplateExpression Parse()
    {
        TemplateExpression value = ParsePrimary();
        while (true)
        {
            if (reader.TryTake("."))
            {
                value = ParseMember(value);
            }
            else if (reader.TryTake("["))
            {
                value = ParseSubscript(value);
            }
            else if (reader.Current.Is("("))
            {
                throw TemplateError.At(reader.Current.Line, "a call of something that is neither a function nor a method");
            }
            else
            {
                return value;
            }
        }
    }

    public TemplateExpression ParseFilters(TemplateExpression value)
    {
        while (true)
        {
            if (reader.TryTake("|"))
            {
                value = ParseFilter(value);
            }
            else if (reader.TryTake("is"))
            {
                value = ParseTest(value);
            }
            else
            {
                return value;
            }
        }
    }

    private TemplateExpression ParsePrimary()
    {
        TemplateToken token = reader.Take();
        switch (token.Kind)
        {
            case TemplateTokenKind.String:
                string text = token.Text;
                while (reader.Current.Kind == TemplateTokenKind.String)
                {
                    text += reader.Take().Text;
                }

                return _ => text;
            case TemplateTokenKind.Integer:
                long integer = long.Parse(token.Text, CultureInfo.InvariantCulture);
                return _ => integer;
            case TemplateTokenKind.Float:
                double real = double.Parse(token.Text, CultureInfo.InvariantCulture);
                return _ => real;
            case TemplateTokenKind.Name:
                return ParseName(token);
            case TemplateTokenKind.Operator when token.Text == "(":
                TemplateExpression inner = reader.Current.Is(")") ? _ => new List<object?>() : expressions.ParseTuple();
                reader.Expect(")");
                return inner;
            case TemplateTokenKind.Operator when token.Text == "[":
                return ParseList();
            case TemplateTokenKind.Operator when token.Text == "{":
                return ParseMap();
            default:
                throw TemplateError.At(token.Line, $"'{token.Text}' where a value is expected");
        }
    }

    private TemplateExpression ParseName(TemplateToken token)
    {
        string name = token.Text;
        switch (name)
        {
            case "true" or "True":
                return _ => true;
            case "false" or "False":
                return _ => false;
            case "none" or "None":
                return _ => null;
        }

        if (!reader.TryTake("("))
        {
            return scope => scope.Find(name);
        }

        if (!TemplateFunctions.Exists(name))
        {
            // A template may ask whether a function is defined before it calls it, so the refusal waits for the call.
            ParseArguments();
            return _ => throw TemplateError.At(token.Line, $"the function '{name}'");
        }

        Func<TemplateScope, TemplateArguments> arguments = ParseArguments();
        return scope => TemplateFunctions.Call(name, arguments(scope));
    }

    private TemplateExpression ParseList()
    {
        var items = new List<TemplateExpression>();
        while (!reader.TryTake("]"))
        {
            items.Add(expressions.Parse());
            if (!reader.Current.Is("]"))
            {
                reader.Expect(",");
            }
        }

        return scope => items.ConvertAll(item => item(scope));
    }

    private TemplateExpression ParseMap()
    {
        var members = new List<(TemplateExpression Key, TemplateExpression Value)>();
        while (!reader.TryTake("}"))
        {
            TemplateExpression key = expressions.Parse();
            reader.Expect(":");
            members.Add((key, expressions.Parse()));
            if (!reader.Current.Is("}"))
            {
                reader.Expect(",");
            }
        }

        return scope => members.ToDictionary(member => TemplateValues.Text(member.Key(scope)), member => member.Value(scope), StringComparer.Ordinal);
    }

    private TemplateExpression ParseMember(TemplateExpression target)
    {
        string name = reader.Expect(TemplateTokenKind.Name, "the name of a member").Text;
        if (!reader.TryTake("("))
        {
            return scope => TemplateValues.Member(target(scope), name);
        }

        Func<TemplateScope, TemplateArguments> arguments = ParseArguments();
        return scope => TemplateMethods.Call(target(scope), name, arguments(scope));
    }

    private TemplateExpression ParseSubscript(TemplateExpression target)
    {
        TemplateExpression none = _ => null;
        TemplateExpression start = reader.Current.Is(":") ? none : expressions.Parse();
        if (reader.TryTake("]"))
        {
            return scope => TemplateValues.Member(target(scope), start(scope));
        }

        reader.Expect(":");
        TemplateExpression stop = reader.Current.Is(":") || reader.Current.Is("]") ? none : expressions.Parse();
        TemplateExpression step = reader.TryTake(":") && !reader.Current.Is("]") ? expressions.Parse() : none;
        reader.Expect("]");
        return scope => TemplateSlice.Of(target(scope), start(scope), stop(scope), step(scope));
    }

    private TemplateExpression ParseFilter(TemplateExpression value)
    {
        TemplateToken name = reader.Expect(TemplateTokenKind.Name, "the name of a filter");
        if (!TemplateFilters.Exists(name.Text))
        {
            throw TemplateError.At(name.Line, $"the filter '{name.Text}'");
        }

        Func<TemplateScope, TemplateArguments> arguments = reader.TryTake("(") ? ParseArguments() : _ => TemplateArguments.None;
        return scope => TemplateFilters.Apply(name.Text, value(scope), arguments(scope));
    }

    private TemplateExpression ParseTest(TemplateExpression value)
    {
        bool negated = reader.TryTake("not");
        TemplateToken name = reader.Expect(TemplateTokenKind.Name, "the name of a test");
        string test = name.Text.ToLowerInvariant();
        if (!TemplateTests.Exists(test))
        {
            throw TemplateError.At(name.Line, $"the test '{name.Text}'");
        }

        TemplateExpression? other = TemplateTests.IsBinary(test) ? Parse() : null;
        return scope => TemplateTests.Holds(test, value(scope), other is null ? [] : [other(scope)]) != negated;
    }

    private Func<TemplateScope, TemplateArguments> ParseArguments()
    {
        var positional = new List<TemplateExpression>();
        var named = new List<(string Name, TemplateExpression Value)>();
        while (!reader.TryTake(")"))
        {
            if (reader.Current.Kind == TemplateTokenKind.Name && reader.Following.Is("="))
            {
                string name = reader.Take().Text;
                reader.Take();
                named.Add((name, expressions.Parse()));
            }
            else
            {
                positional.Add(expressions.Parse());
            }

            if (!reader.Current.Is(")"))
            {
                reader.Expect(",");
            }
        }

        return scope => new TemplateArguments(
            positional.ConvertAll(argument => argument(scope)),
            named.ToDictionary(argument => argument.Name, argument => argument.Value(scope), StringComparer.Ordinal));
    }
}
