using System.Text;

namespace Workbench.Text.Tokenizers.Chat;

/// <summary>Compiles a template's text and tags: for, if, set, break, continue and generation.</summary>
internal sealed class StatementParser
{
    private readonly TokenReader _reader;
    private readonly ExpressionParser _expressions;

    public StatementParser(TokenReader reader)
    {
        _reader = reader;
        _expressions = new ExpressionParser(reader);
    }

    public TemplateStatement ParseTemplate()
    {
        TemplateStatement body = ParseBody();
        return _reader.Current.Kind == TemplateTokenKind.End ? body : throw Unknown();
    }

    /// <summary>Statements up to a tag that ends or divides the block, whose opening is left to the caller.</summary>
    private TemplateStatement ParseBody()
    {
        var statements = new List<TemplateStatement>();
        while (_reader.Current.Kind != TemplateTokenKind.End && !AtTag("endfor", "endif", "endset", "endgeneration", "else", "elif"))
        {
            statements.Add(ParseStatement());
        }

        return (scope, output) =>
        {
            foreach (TemplateStatement statement in statements)
            {
                LoopSignal signal = statement(scope, output);
                if (signal != LoopSignal.None)
                {
                    return signal;
                }
            }

            return LoopSignal.None;
        };
    }

    private TemplateStatement ParseStatement()
    {
        TemplateToken token = _reader.Take();
        if (token.Kind == TemplateTokenKind.Text)
        {
            return Silent((_, output) => output.Append(token.Text));
        }

        if (token.Kind == TemplateTokenKind.OutputBegin)
        {
            TemplateExpression value = _expressions.ParseTuple();
            _reader.Expect(TemplateTokenKind.OutputEnd, "the end of the output");
            return Silent((scope, output) => output.Append(TemplateValues.Print(value(scope))));
        }

        switch (_reader.Current.Text)
        {
            case "for":
                return ParseFor();
            case "if":
                return ParseIf();
            case "set":
                return ParseSet();
            case "break" or "continue":
                LoopSignal signal = _reader.Take().Text == "break" ? LoopSignal.Break : LoopSignal.Continue;
                EndTag();
                return (_, _) => signal;
            case "generation":
                _reader.Take();
                EndTag();
                TemplateStatement body = ParseBody();
                Close("endgeneration");
                return body;
            default:
                throw Unknown();
        }
    }

    private TemplateStatement ParseFor()
    {
        _reader.Take();
        var targets = new List<string>();
        do
        {
            targets.Add(_reader.Expect(TemplateTokenKind.Name, "the name of a variable").Text);
        }
        while (_reader.TryTake(","));
        _reader.Expect("in");
        TemplateExpression items = _expressions.ParseWithoutCondition();
        TemplateExpression? condition = _reader.TryTake("if") ? _expressions.Parse() : null;
        EndTag();
        TemplateStatement body = ParseBody();
        TemplateStatement? otherwise = null;
        if (AtTag("else"))
        {
            Close("else");
            otherwise = ParseBody();
        }

        Close("endfor");
        return new TemplateLoop(targets, items, condition, body, otherwise).Run;
    }

    private TemplateStatement ParseIf()
    {
        _reader.Take();
        var branches = new List<(TemplateExpression? Condition, TemplateStatement Body)>();
        TemplateExpression? condition = _expressions.ParseTuple();
        while (true)
        {
            EndTag();
            branches.Add((condition, ParseBody()));
            _reader.Expect(TemplateTokenKind.TagBegin, "{% endif %}");
            if (condition is not null && _reader.TryTake("elif"))
            {
                condition = _expressions.ParseTuple();
            }
            else if (condition is not null && _reader.TryTake("else"))
            {
                condition = null;
            }
            else
            {
                _reader.Expect("endif");
                EndTag();
                break;
            }
        }

        return (scope, output) =>
        {
            foreach ((TemplateExpression? test, TemplateStatement body) in branches)
            {
                if (test is null || TemplateValues.IsTrue(test(scope)))
                {
                    return body(scope, output);
                }
            }

            return LoopSignal.None;
        };
    }

    private TemplateStatement ParseSet()
    {
        _reader.Take();
        string name = _reader.Expect(TemplateTokenKind.Name, "the name of a variable").Text;
        string? member = _reader.TryTake(".") ? _reader.Expect(TemplateTokenKind.Name, "the name of a member").Text : null;
        if (_reader.TryTake("="))
        {
            TemplateExpression value = _expressions.ParseTuple();
            EndTag();
            return Silent((scope, _) => Assign(scope, name, member, value(scope)));
        }

        EndTag();
        TemplateStatement body = ParseBody();
        Close("endset");
        return Silent((scope, _) =>
        {
            var text = new StringBuilder();
            body(new TemplateScope(scope), text);
            Assign(scope, name, member, text.ToString());
        });
    }

    private static void Assign(TemplateScope scope, string name, string? member, object? value)
    {
        if (member is null)
        {
            scope.Set(name, value);
        }
        else if (scope.Find(name) is TemplateNamespace space)
        {
            space.Members[member] = value;
        }
        else
        {
            throw TemplateError.Running($"it sets '{name}.{member}', and '{name}' is no namespace");
        }
    }

    private static TemplateStatement Silent(Action<TemplateScope, StringBuilder> action)
    {
        return (scope, output) =>
        {
            action(scope, output);
            return LoopSignal.None;
        };
    }

    private bool AtTag(params ReadOnlySpan<string> names)
    {
        return _reader.Current.Kind == TemplateTokenKind.TagBegin && names.Contains(_reader.Following.Text);
    }

    private void Close(string tag)
    {
        _reader.Expect(TemplateTokenKind.TagBegin, $"{{% {tag} %}}");
        _reader.Expect(tag);
        EndTag();
    }

    private void EndTag()
    {
        _reader.Expect(TemplateTokenKind.TagEnd, "the end of the tag");
    }

    private WorkbenchException Unknown()
    {
        TemplateToken name = _reader.Current.Kind == TemplateTokenKind.TagBegin ? _reader.Following : _reader.Current;
        return TemplateError.At(name.Line, $"the tag '{name.Text}' there");
    }
}
