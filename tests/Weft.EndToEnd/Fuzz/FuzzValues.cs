using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Weft.EndToEnd.Fuzz;

/// <summary>
/// Values by a seed: such as the document allows, such as break parsers, and ids and tokens that the coordinator has
/// given out.
/// </summary>
internal sealed class FuzzValues(FuzzDocument document, FuzzMemory memory, Random random)
{
    private const int DepthMax = 6;

    // On both sides of what the API takes, of what System.Text.Json reads by default, and far beyond.
    private static readonly int[] Depths = [30, 60, 61, 62, 63, 64, 65, 100, 1_000, 5_000];

    // Halves of surrogate pairs as clients cut them, which JSON's grammar allows: alone, in the middle, the wrong way
    // round, as a name.
    private static readonly string[] Halves =
        ["\"\\ud83d\"", "\"cut \\ud83d\"", "\"\\ude00 end\"", "\"\\ude00\\ud83d\"", "\"\\uD83D\\u0041\"",
            "{\"a\":\"\\ud800\"}", "{\"\\ud83d\":1}", "[\"\\udfff\",null]"];

    private static readonly string[] NastyTexts =
    [
        "", " ", "\0", "a\0b", "\u0001", "\u007f", "\u202e", "\ud83d\ude00", "\uffff", "../..", "..%2f",
            "'; DROP TABLE tasks; --", "\" OR 1=1", "%s%n", "${x}", "<script>",
        "\r\nX: y", "null", "NaN", "-0", "1e400", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
        "0x10", "1.0", "+1", "\u0661", "o9223372036854775807", "f-1",
    ];

    private static readonly string[] NastyNumbers =
        ["-1", "0", "-0", "1.5", "1e400", "-1e400", "1e-400", "9223372036854775807", "9223372036854775808",
            "18446744073709551616", "2147483648", "1E+2", "0.1e1", "00", "+1", ".5", "1.", "NaN", "Infinity", "0x1"];

    private static readonly string[] NastyJson =
        ["null", "true", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[[[[]]]]", "{\"a\":1,\"a\":2}", "\"\0\"",
            "{\"\\udc00\":1}", "//", "nul", "\"", "[1,]", "{,}", "\u00ff"];

    /// <summary>JSON that the schema allows.</summary>
    public string Json(JsonNode node, string name, int depth = 0)
    {
        var schema = document.Resolve(node);
        if (Known(name) is { } known && Chance(80)) return known;
        if (schema["enum"] is JsonArray choices)
        {
            return Pick(choices.Select(static choice => choice!.ToJsonString()).ToList());
        }
        return schema["type"]?.GetValue<string>() switch
        {
            "object" => Object(schema, depth),
            "array" =>
                $"[{string.Join(',', Enumerable.Range(0, random.Next(Math.Min(4, Bound(schema, "maxItems", 4)) + 1))
                    .Select(_ => Json(schema["items"]!, name, depth + 1)))}]",
            "integer" =>
                random.NextInt64(Bound(schema, "minimum", 0),
                    Math.Min(Bound(schema, "maximum", 1_000), name is "wait" ? 0 : int.MaxValue) + 1L)
                    .ToString(CultureInfo.InvariantCulture),
            "number" =>
                name is "wait"
                    ? "0.0" + random.Next(9)
                    : Math.Round(Bound(schema, "minimum", 0) +
                    random.NextDouble() * Math.Min(Bound(schema, "maximum", 100), 100),
                    3).ToString(CultureInfo.InvariantCulture),
            "boolean" => Chance(50) ? "true" : "false",
            "string" => Quote(Text(schema, name)),
            _ => Any(depth),
        };
    }

    /// <summary>A parameter's text: allowed, or nasty.</summary>
    public string Parameter(FuzzParameter parameter, bool nasty)
    {
        if (nasty) return Chance(50) ? Pick(NastyTexts) : Pick(NastyNumbers);
        var json = Json(parameter.Schema, parameter.Name);
        return json.StartsWith('"') ? JsonNode.Parse(json)!.GetValue<string>() : json;
    }

    /// <summary>The same bytes with something wrong in them, mostly.</summary>
    public byte[] Spoil(string json)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(json.Length + 1);
            var length = random.Next(Math.Min(json.Length - at, 20) + 1);
            json = random.Next(6) switch
            {
                0 => json.Remove(at, length),
                1 => json.Insert(at, json.Substring(at, length)),
                2 => json.Insert(at, Chance(50) ? Pick(NastyJson) : Pick(Halves)),
                3 => ReplaceValue(json, Pick(NastyNumbers)),
                4 => ReplaceValue(json, Chance(70) ? Pick(NastyJson) : Nested(Pick(Depths))),
                _ =>
                    json.Insert(at,
                        new string(Pick("[{\"0 ,:\\".Select(static sign => sign.ToString()).ToList())[0],
                        random.Next(1, 2_000))),
            };
        }

        var bytes = Encoding.UTF8.GetBytes(json);
        if (bytes.Length > 0 && Chance(20)) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    public bool Chance(int percent) => random.Next(100) < percent;

    private T Pick<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    private string? Known(string name) => name switch
    {
        "id" => memory.AnyTask(random).ToString(CultureInfo.InvariantCulture),
        "group" => memory.AnyGroup(random) is > 0 and var group ? group.ToString(CultureInfo.InvariantCulture) : null,
        "leaseToken" => Quote(memory.AnyToken(random)),
        "queue" or "queues" => null,
        _ => null,
    };

    private string Object(JsonNode schema, int depth)
    {
        var required = schema["required"]?.AsArray().Select(static name => name!.GetValue<string>()).ToHashSet() ?? [];
        var members = (schema["properties"]?.AsObject() ?? [])
            .Where(member => required.Contains(member.Key) || (depth < DepthMax && Chance(30)))
            .Select(member => $"{Quote(member.Key)}:{Json(member.Value!, member.Key, depth + 1)}");
        return $"{{{string.Join(',', members)}}}";
    }

    private string Text(JsonNode schema, string name)
    {
        if (name is "leaseToken") return memory.AnyToken(random);
        if (name is "queue" or "queues") return Pick(["default", "fuzz", "fuzz-2", "other"]);
        if (name is "requires" or "capabilities") return Pick(["simd", "memory>=4096", "memory=8192", "gpu"]);
        if (schema["format"]?.GetValue<string>() == "date-time") return "2090-01-31T12:00:00Z";
        if (Chance(10)) return Pick(NastyTexts);
        return new string('w',
            random.Next(Bound(schema, "minLength", 0), Math.Min(Bound(schema, "maxLength", 40), 40) + 1));
    }

    private string Any(int depth) => random.Next(depth > DepthMax ? 4 : 8) switch
    {
        6 => Pick(Halves),
        7 => Nested(Pick(Depths)),
        0 => random.Next().ToString(CultureInfo.InvariantCulture),
        1 => Quote(Pick(NastyTexts)),
        2 => "null",
        3 => Quote(new string('p', random.Next(20_000))),
        4 => $"[{Any(depth + 1)},{Any(depth + 1)}]",
        _ => $"{{\"k\":{Any(depth + 1)}}}",
    };

    private string Nested(int depth) => Chance(50)
        ? new string('[', depth) + "1" + new string(']', depth)
        : string.Concat(Enumerable.Repeat("{\"n\":", depth)) + "null" + new string('}', depth);

    // Puts something else where a value stood.
    private string ReplaceValue(string json, string value)
    {
        var colon = json.IndexOf(':', random.Next(json.Length + 1));
        if (colon < 0) return value;
        var end = json.IndexOfAny([',', '}', ']'], colon);
        return end < 0 ? json[..(colon + 1)] + value : json[..(colon + 1)] + value + json[end..];
    }

    private static int Bound(JsonNode schema, string name, int fallback) =>
        schema[name] is { } bound
            ? (int)Math.Clamp(bound.GetValue<double>(), int.MinValue, int.MaxValue - 1)
            : fallback;

    private static string Quote(string text) => JsonValue.Create(text)!.ToJsonString();
}
