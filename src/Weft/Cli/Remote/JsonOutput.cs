using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Weft.Cli.Remote;

/// <summary>What <c>--json</c> prints: one object a line.</summary>
internal static class JsonOutput
{
    public static void Print<T>(T value, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(value, type));

    public static void Print<T>(IEnumerable<T> values, JsonTypeInfo<T> type)
    {
        foreach (var value in values) Print(value, type);
    }
}
