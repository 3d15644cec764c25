namespace Workbench.Text.Tokenizers;

/// <summary>From a stretch of rewritten text to the text as it was given.</summary>
/// <param name="aligned">The rewritten text that the stretch is part of, or null when nothing was rewritten.</param>
/// <param name="offset">Where the stretch begins in it.</param>
/// <param name="origin">Where the text that was rewritten begins in the one given.</param>
internal readonly struct SpanMap(AlignedText? aligned, int offset, int origin)
{
    /// <summary>Where the span of a UTF-16 unit begins.</summary>
    public int Start(int unit)
    {
        return origin + (aligned is null ? offset + unit : aligned.Starts[offset + unit]);
    }

    /// <summary>Where the span of the units before <paramref name="unit"/> ends.</summary>
    public int End(int unit)
    {
        return origin + (aligned is null || offset + unit == 0 ? offset + unit : aligned.Ends[offset + unit - 1]);
    }

    /// <summary>The map of a stretch that begins later.</summary>
    public SpanMap From(int start)
    {
        return new SpanMap(aligned, offset + start, origin);
    }
}
