namespace Workbench.Models.Hub;

/// <summary>Repeats what failed for a reason that may pass: a broken connection, a busy server.</summary>
internal sealed class HubRetry(HubSettings settings)
{
    /// <exception cref="WorkbenchException">It failed as often as the settings allow, or for a reason that stays.</exception>
    public async Task<T> RunAsync<T>(string what, Func<Task<T>> attempt, CancellationToken cancellation)
    {
        TimeSpan pause = settings.RetryDelay;
        for (int number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (Exception broken) when (IsPassing(broken))
            {
                if (number >= settings.Attempts)
                {
                    throw new WorkbenchException(
                        $"Cannot fetch {what} from {settings.Endpoint.Authority} after {number} attempts ({broken.Message.TrimEnd('.')}); run the same line again to go on where it stopped.",
                        broken);
                }
            }

            await Task.Delay(pause, cancellation);
            pause *= 2;
        }
    }

    private static bool IsPassing(Exception failure)
    {
        return failure is HttpRequestException or HttpIOException or HubTransferException;
    }
}
