using System.Diagnostics.CodeAnalysis;

namespace Workbench.Models.Weights.Pickle;

/// <summary>A dict or OrderedDict of a pickle: entries in the order of the file. Keys are strings and whole numbers.</summary>
internal sealed class PickleDictionary
{
    private readonly Dictionary<object, object?> _values = [];
    private readonly List<object> _order = [];

    /// <summary>Whether it is a collections.OrderedDict.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>Attributes of an OrderedDict, such as a state dict's <c>_metadata</c>; null where it has none.</summary>
    public PickleDictionary? Attributes { get; set; }

    public int Count => _order.Count;

    public IEnumerable<KeyValuePair<object, object?>> Entries => _order.Select(key => KeyValuePair.Create(key, _values[key]));

    public object? this[object key]
    {
        get => _values[key];
        set
        {
            if (!_values.ContainsKey(key))
            {
                _order.Add(key);
            }

            _values[key] = value;
        }
    }

    public bool TryGet(string key, [NotNullWhen(true)] out object? value)
    {
        return _values.TryGetValue(key, out value) && value is not null;
    }
}
