namespace Workbench.Text.Tokenizers.Models;

/// <summary>Tokens by their characters, to find every token that begins at a place.</summary>
internal sealed class CharacterTrie
{
    public const int Root = 0;

    private readonly Dictionary<long, int> _next = [];
    private readonly List<int> _ids = [-1];

    public void Add(string token, int id)
    {
        int state = Root;
        foreach (char character in token)
        {
            if (!_next.TryGetValue(Key(state, character), out int next))
            {
                next = _ids.Count;
                _next.Add(Key(state, character), next);
                _ids.Add(-1);
            }

            state = next;
        }

        _ids[state] = id;
    }

    /// <summary>Goes on by a character. False where no token goes on so.</summary>
    /// <param name="state">Where the walk is.</param>
    /// <param name="character">The next character.</param>
    /// <param name="id">The token that ends here, or -1.</param>
    public bool TryStep(ref int state, char character, out int id)
    {
        bool found = _next.TryGetValue(Key(state, character), out int next);
        id = found ? _ids[next] : -1;
        state = found ? next : state;
        return found;
    }

    private static long Key(int state, char character)
    {
        return ((long)state << 16) | character;
    }
}
