using System.Text.RegularExpressions;

namespace Weft.EndToEnd.Browser.Chrome;

/// <summary>The tokens of a coordinator that was started with <c>--access tokens</c>.</summary>
internal static partial class Tokens
{
    /// <summary>Starts one, and waits until it has printed its first tokens.</summary>
    public static async Task<CoordinatorProcess> StartAsync(params string[] options)
    {
        var coordinator = await CoordinatorProcess.StartNewAsync(["--access", "tokens", .. options]);
        await Eventually.SeeAsync("the banner's end", () => Task.FromResult(coordinator.Output),
            static output => output.Contains("Ctrl+C", StringComparison.Ordinal));
        return coordinator;
    }

    public static string Admin(CoordinatorProcess coordinator) => AdminLink().Match(coordinator.Output).Groups[1].Value;

    public static string Worker(CoordinatorProcess coordinator) =>
        WorkerLink().Match(coordinator.Output).Groups[1].Value;

    public static async Task<(long Id, string Token)> CreateAsync(Wire admin, string scope)
    {
        var answer = await admin.PostAsync("/api/v1/tokens", $$"""{"scopes":["{{scope}}"]}""");
        Assert.True(answer.Status == 201, $"No token was made: {answer}");
        return (answer.Json.GetProperty("id").GetInt64(), answer.Json.GetProperty("token").GetString()!);
    }

    [GeneratedRegex("Console .*/#token=(weft_[A-Za-z0-9_-]{43})", RegexOptions.CultureInvariant)]
    private static partial Regex AdminLink();

    [GeneratedRegex("Worker .*/worker/#token=(weft_[A-Za-z0-9_-]{43})", RegexOptions.CultureInvariant)]
    private static partial Regex WorkerLink();
}
