using System.Globalization;

namespace Workbench.Text.Tokenizers.Chat;

/// <summary>Compiles expressions, from the conditional down to unary signs; the tightest level is <see cref="OperandParser"/>'s.</summary>
internal sealed class ExpressionParser
{
    private readonly TokenReader _reader;
    private readonly OperandParser _operands;

    public ExpressionParser(TokenReader reader)
    {
        _reader = reader;
        _operands = new OperandParser(reader, this);
    }

    /// <summary>An expression, or several with commas between them, which make a list.</summary>
    public TemplateExpression ParseTuple()
    {
        TemplateExpression first = Parse();
        if (!_reader.Current.Is(","))
        {
            return first;
        }

        var items = new List<TemplateExpression> { first };
        while (_reader.TryTake(","))
        {
            items.Add(Parse());
        }

        return scope => items.ConvertAll(item => item(scope));
    }

    public TemplateExpression Parse()
    {
        TemplateExpression value = ParseWithoutCondition();
        while (_reader.TryTake("if"))
        {
            TemplateExpression then = value;
            TemplateExpression condition = ParseWithoutCondition();
            TemplateExpression otherwise = _reader.TryTake("else") ? Parse() : _ => TemplateUndefined.Value;
            value = scope => TemplateValues.IsTrue(condition(scope)) ? then(scope) : otherwise(scope);
        }

        return value;
    }

    /// <summary>An expression in which <c>if</c> does not belong, as in <c>for x in y if z</c>.</summary>
    public TemplateExpression ParseWithoutCondition()
    {
        TemplateExpression left = ParseAnd();
        while (_reader.TryTake("or"))
        {
            TemplateExpression first = left;
            TemplateExpression second = ParseAnd();
            left = scope => first(scope) is var value && TemplateValues.IsTrue(value) ? value : second(scope);
        }

        return left;
    }

    private TemplateExpression ParseAnd()
    {
        TemplateExpression left = ParseNot();
        while (_reader.TryTake("and"))
        {
            TemplateExpression first = left;
            TemplateExpression second = ParseNot();
            left = scope => first(scope) is var value && !TemplateValues.IsTrue(value) ? value : second(scope);
        }

        return left;
    }

    private TemplateExpression ParseNot()
    {
        if (_reader.Current.Is("not") && !_reader.Following.Is("in"))
        {
            _reader.Take();
            TemplateExpression negated = ParseNot();
            return scope => !TemplateValues.IsTrue(negated(scope));
        }

        return ParseComparison();
    }

    private TemplateExpression ParseComparison()
    {
        TemplateExpression first = ParseSum();
        var steps = new List<(Func<object?, object?, bool> Holds, TemplateExpression Operand)>();
        while (Comparison() is { } holds)
        {
            steps.Add((holds, ParseSum()));
        }

        return steps.Count == 0 ? first : scope =>
        {
            object? left = first(scope);
            foreach ((Func<object?, object?, bool> holds, TemplateExpression operand) in steps)
            {
                object? right = operand(scope);
                if (!holds(left, right))
                {
                    return false;
                }

                left = right;
            }

            return true;
        };
    }

    private Func<object?, object?, bool>? Comparison()
    {
        Func<object?, object?, bool>? holds = _reader.Current switch
        {
            { Kind: TemplateTokenKind.Name, Text: "in" } => (left, right) => TemplateValues.Contains(right, left),
            { Kind: TemplateTokenKind.Name, Text: "not" } when _reader.Following.Is("in") => (left, right) => !TemplateValues.Contains(right, left),
            { Kind: TemplateTokenKind.Operator, Text: "==" } => TemplateValues.Equals,
            { Kind: TemplateTokenKind.Operator, Text: "!=" } => (left, right) => !TemplateValues.Equals(left, right),
            { Kind: TemplateTokenKind.Operator, Text: "<" } => (left, right) => TemplateValues.Compare(left, right) < 0,
            { Kind: TemplateTokenKind.Operator, Text: "<=" } => (left, right) => TemplateValues.Compare(left, right) <= 0,
            { Kind: TemplateTokenKind.Operator, Text: ">" } => (left, right) => TemplateValues.Compare(left, right) > 0,
            { Kind: TemplateTokenKind.Operator, Text: ">=" } => (left, right) => TemplateValues.Compare(left, right) >= 0,
            _ => null,
        };
        if (holds is not null && _reader.Take().Text == "not")
        {
            _reader.Take();
        }

        return holds;
    }

    private TemplateExpression ParseSum()
    {
        TemplateExpression left = ParseConcatenation();
        while (_reader.Current.Is("+") || _reader.Current.Is("-"))
        {
            string symbol = _reader.Take().Text;
            TemplateExpression first = left;
            TemplateExpression second = ParseConcatenation();
            left = scope => TemplateArithmetic.Apply(symbol, first(scope), second(scope));
        }

        return left;
    }

    private TemplateExpression ParseConcatenation()
    {
        TemplateExpression left = ParseProduct();
        while (_reader.TryTake("~"))
        {
            TemplateExpression first = left;
            TemplateExpression second = ParseProduct();
            left = scope => string.Create(CultureInfo.InvariantCulture, $"{TemplateValues.Print(first(scope))}{TemplateValues.Print(second(scope))}");
        }

        return left;
    }

    private TemplateExpression ParseProduct()
    {
        TemplateExpression left = ParseSign(withFilters: true);
        while (_reader.Current is { Kind: TemplateTokenKind.Operator, Text: "*" or "/" or "//" or "%" })
        {
            string symbol = _reader.Take().Text;
            TemplateExpression first = left;
            TemplateExpression second = ParseSign(withFilters: true);
            left = scope => TemplateArithmetic.Apply(symbol, first(scope), second(scope));
        }

        return left;
    }

    private TemplateExpression ParseSign(bool withFilters)
    {
        TemplateExpression value;
        if (_reader.Current.Is("-") || _reader.Current.Is("+"))
        {
            bool negative = _reader.Take().Text == "-";
            TemplateExpression unsigned = ParseSign(withFilters: false);
            value = scope => TemplateArithmetic.Apply(negative ? "-" : "+", 0L, unsigned(scope));
        }
        else
        {
            value = _operands.Parse();
        }

        return withFilters ? _operands.ParseFilters(value) : value;
    }
}
