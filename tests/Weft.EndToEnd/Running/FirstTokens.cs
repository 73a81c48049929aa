using System.Text.RegularExpressions;

namespace Weft.EndToEnd.Running;

/// <summary>The tokens that a coordinator makes at its first start.</summary>
internal static partial class FirstTokens
{
    /// <summary>The admin's token, once the banner has been printed.</summary>
    public static async Task<string> AdminTokenAsync(this CoordinatorProcess coordinator) =>
        AdminToken().Match(await Eventually.SeeAsync(
            "the banner's end", () => Task.FromResult(coordinator.Output),
            static output => output.Contains("Ctrl+C", StringComparison.Ordinal))).Groups[1].Value;

    [GeneratedRegex(@"Admin +(weft_\S+)")]
    private static partial Regex AdminToken();
}
