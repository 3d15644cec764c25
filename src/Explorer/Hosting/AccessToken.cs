using System.Security.Cryptography;
using System.Text;

namespace Workbench.Explorer.Hosting;

/// <summary>Lets a request pass that carries the token: in the address once, in a cookie from then on.</summary>
internal sealed class AccessToken(RequestDelegate next, ExplorerOptions options)
{
    private const string Cookie = "workbench-access";
    private const string Parameter = "token";

    public async Task InvokeAsync(HttpContext context)
    {
        if (options.Token is not { } token || Matches(context.Request.Cookies[Cookie], Digest(token)))
        {
            await next(context);
        }
        else if (Matches(Digest(context.Request.Query[Parameter].ToString()), Digest(token)))
        {
            context.Response.Cookies.Append(Cookie, Digest(token), new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = context.Request.IsHttps,
            });
            context.Response.Redirect(context.Request.Path + WithoutToken(context.Request.Query));
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await context.Response.WriteAsync("This Explorer needs its access token: open it once with ?token=... in the address.");
        }
    }

    private static QueryString WithoutToken(IQueryCollection query)
    {
        return QueryString.Create(query.Where(pair => pair.Key != Parameter));
    }

    private static string Digest(string token)
    {
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
    }

    private static bool Matches(string? given, string expected)
    {
        return given is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
    }
}
