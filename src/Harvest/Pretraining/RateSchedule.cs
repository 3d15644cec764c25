namespace Workbench.Harvest.Pretraining;

/// <summary>Linear warm-up, a plateau, and a linear fall to zero that begins when the time or the steps say so.</summary>
internal static class RateSchedule
{
    /// <summary>
    /// Decides where the decay begins and ends, once: by steps where they are given, else as soon as the plateau has used its
    /// share of the time. The decision is part of the state, so a resumed run follows it.
    /// </summary>
    public static PretrainState Decide(PretrainState state)
    {
        if (state.LastStep is not null)
        {
            return state;
        }

        PretrainOptions options = state.Options;
        if (options.Steps is { } steps)
        {
            return state with { LastStep = steps, DecayStart = (long)(steps * (1 - options.DecayShare)) };
        }

        bool plateauIsOver = state.Seconds >= options.Minutes * 60 * (1 - options.DecayShare);
        long decay = Math.Max(1, (long)(state.Step * options.DecayShare / (1 - options.DecayShare)));
        return plateauIsOver ? state with { DecayStart = state.Step, LastStep = state.Step + decay } : state;
    }

    /// <summary>Factor of the peak rates at the step after <see cref="PretrainState.Step"/>.</summary>
    public static double Factor(PretrainState state)
    {
        double warmUp = Math.Min(1, (state.Step + 1.0) / state.Options.WarmupSteps);
        if (state.LastStep is not { } last || state.DecayStart is not { } start || state.Step < start)
        {
            return warmUp;
        }

        return warmUp * (last - state.Step) / (last - start);
    }
}
