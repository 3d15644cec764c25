using System.Net;
using System.Net.Http.Headers;

namespace Workbench.Models.Hub;

/// <summary>
/// Turns a hub's error status into the exception that says whether another attempt makes sense, and if not, what to do. Which of
/// several reasons a status has, the hub says by the header <c>X-Error-Code</c>.
/// </summary>
internal sealed class HubRefusal(HubSettings settings, HubReference reference)
{
    private const int LongestMessage = 200;

    private string Page => $"{settings.Endpoint.AbsoluteUri.TrimEnd('/')}/{reference.Repository}";

    /// <param name="what">What was asked for.</param>
    /// <param name="answer">The hub's answer.</param>
    /// <exception cref="WorkbenchException">It refuses for good.</exception>
    /// <exception cref="HttpRequestException">It may answer another time.</exception>
    public void Check(string what, HttpResponseMessage answer)
    {
        if ((int)answer.StatusCode >= 400)
        {
            throw Explain(what, answer.StatusCode, Header(answer, "X-Error-Code"), Header(answer, "X-Error-Message"));
        }
    }

    private Exception Explain(string what, HttpStatusCode status, string? code, string? said)
    {
        bool isPassing = status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status >= 500;
        return isPassing ? new HttpRequestException($"status {(int)status}") : new WorkbenchException(Sentence(what, status, code, said));
    }

    private string Sentence(string what, HttpStatusCode status, string? code, string? said)
    {
        string remark = said is null ? string.Empty : $" The hub says: {said[..Math.Min(said.Length, LongestMessage)]}";
        string number = $"({(int)status})";
        string token = settings.Token is null ? "set HF_TOKEN to a token of an account that may read it" : "use a token of an account that may read it";
        return (status, code) switch
        {
            (_, "GatedRepo") => $"{reference.Repository} is gated {number}: accept its terms at {Page}, then {token}.{remark}",
            (_, "RepoNotFound") => $"The hub has no {reference.Repository} {number}, or it is private; check owner and name, or {token}.",
            (_, "RevisionNotFound") => $"{reference.Repository} has no revision '{reference.Revision}' {number}; check the branch, tag or commit after the @.",
            (_, "EntryNotFound") => $"{reference} has no file {what} {number}; check the name.",
            (HttpStatusCode.Unauthorized, _) => $"The hub refuses {what} {number}: it does not exist, or is private or gated; check the name, or set HF_TOKEN to a token that may read it.{remark}",
            (HttpStatusCode.Forbidden, _) => $"The hub refuses {what} {number}: the token in HF_TOKEN may not read it; accept the model's terms at {Page}, or use another token.{remark}",
            (HttpStatusCode.NotFound, _) => $"The hub has no {what} {number}; check the name and the revision.",
            _ => $"The hub answers {what} with status {(int)status}; check HF_ENDPOINT.{remark}",
        };
    }

    private static string? Header(HttpResponseMessage answer, string name)
    {
        return answer.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
    }
}
