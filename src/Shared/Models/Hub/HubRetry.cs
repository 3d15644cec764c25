using System.Net;

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

    /// <summary>Turns an error status into the exception that says whether another attempt makes sense.</summary>
    public static void Check(string what, HttpResponseMessage answer)
    {
        int status = (int)answer.StatusCode;
        if (status < 400)
        {
            return;
        }

        throw answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new WorkbenchException(
                $"The hub refuses {what} (401): it does not exist, or is private or gated; check the name, or set HF_TOKEN to a token that may read it."),
            HttpStatusCode.Forbidden => new WorkbenchException(
                $"The hub refuses {what} (403): the token in HF_TOKEN may not read it; accept the model's terms on its page, or use another token."),
            HttpStatusCode.NotFound => new WorkbenchException($"The hub has no {what} (404); check the name and the revision."),
            HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => new HttpRequestException($"status {status}"),
            _ when status >= 500 => new HttpRequestException($"status {status}"),
            _ => new WorkbenchException($"The hub answers {what} with status {status}; check HF_ENDPOINT."),
        };
    }

    private static bool IsPassing(Exception failure)
    {
        return failure is HttpRequestException or HttpIOException or HubTransferException;
    }
}
