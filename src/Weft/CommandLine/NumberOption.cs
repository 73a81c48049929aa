using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Weft.CommandLine;

/// <summary>Numeric options, with human-readable errors.</summary>
internal static class NumberOption
{
    /// <summary>An optional one without a default.</summary>
    /// <param name="unit">The unit shown in the help.</param>
    public static Option<T?> Optional<T>(string name, string description, T min, T max, string unit = "number")
        where T : struct, INumber<T> =>
        new(name) { Description = description, HelpName = unit, CustomParser = given => Read(given, name, min, max) };

    /// <summary>One with a default.</summary>
    /// <param name="unit">The unit shown in the help.</param>
    public static Option<T> WithDefault<T>(string name, string description, T fallback, T min, T max,
        string unit = "number") where T : struct, INumber<T> =>
        new(name)
        {
            Description = description,
            HelpName = unit,
            DefaultValueFactory = _ => fallback,
            CustomParser = given => Read(given, name, min, max),
        };

    private static T Read<T>(ArgumentResult given, string name, T min, T max) where T : struct, INumber<T>
    {
        var text = given.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }
        given.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: '{text}' is not a number from {min} to " +
            $"{max}."));
        return default;
    }
}
