using System.Text.Json.Serialization;

namespace Weft.Client.Tests;

internal sealed record Job(int Number);

internal sealed record Square(int Number, long Value);

[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(Square))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
internal sealed partial class TestJson : JsonSerializerContext;
