using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.CommandLine.Terminal;

namespace Weft.Cli.Remote;

/// <summary>The output of <c>--json</c>: one object per line.</summary>
internal static class JsonOutput
{
    // Deep nesting came from the coordinator, and is printed unchanged.
    private static readonly JsonWriterOptions AnyDepth = new() { MaxDepth = int.MaxValue, SkipValidation = true };

    public static void Print<T>(T value, JsonTypeInfo<T> type) => Console.Out.WriteLine(Line(value, type));

    /// <summary>Prints objects until there are no more, or stdout can't be written.</summary>
    public static void Print<T>(IEnumerable<T> values, JsonTypeInfo<T> type)
    {
        foreach (var value in values.TakeWhile(static _ => StandardStreams.OutputFailure is null)) Print(value, type);
    }

    public static string Line<T>(T value, JsonTypeInfo<T> type)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, AnyDepth)) JsonSerializer.Serialize(writer, value, type);
        // Payloads and results are included unchanged.
        return Encoding.UTF8.GetString(JsonText.OneLine(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }
}
