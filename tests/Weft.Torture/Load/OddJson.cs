namespace Weft.Torture.Load;

/// <summary>
/// JSON that is allowed and that programs trip over: half an emoji, as a text that was cut has it, and deep nesting.
/// </summary>
internal static class OddJson
{
    // Up to what the API takes, and past it: what is refused must not be there.
    private static readonly int[] Depths = [40, 58, 60, 62, 100];

    private static readonly string[] Halves = ["\"cut \\ud83d\"", "\"\\ude00 end\"", "\"\\ud83d\\ud83d\""];

    public static string Half(Random random) => Halves[random.Next(Halves.Length)];

    public static string Nested(Random random)
    {
        var depth = Depths[random.Next(Depths.Length)];
        return new string('[', depth) + new string(']', depth);
    }
}
