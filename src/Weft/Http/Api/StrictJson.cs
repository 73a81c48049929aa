using System.Text.Json;
using System.Text.Unicode;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>
/// Reads a request's JSON in one pass and rejects anything unexpected: unknown and duplicate members, wrong types,
/// values out of range, nesting over 64 levels and invalid UTF-8 are faults. The first fault is kept, and every later
/// call reads nothing; the caller checks <see cref="Fault"/> at the end.
/// </summary>
internal ref partial struct StrictJson
{
    private const int DepthMax = 64;
    private readonly ReadOnlyMemory<byte> _body;
    private Utf8JsonReader _reader;
    private string _at = "The body";
    private int _itemDepth;
    private bool _broken;

    public StrictJson(ReadOnlyMemory<byte> body)
    {
        _body = body;
        _reader = new(body.Span, new JsonReaderOptions { MaxDepth = DepthMax });
        if (Utf8.IsValid(body.Span)) Read();
        else Break("The body is not UTF-8.");
    }

    public Problem? Fault { get; private set; }

    /// <summary>Whether a string comes next.</summary>
    public readonly bool IsString => Fault is null && _reader.TokenType == JsonTokenType.String;

    /// <summary>Enters the object that comes next.</summary>
    public bool BeginObject() => Expect(JsonTokenType.StartObject, "an object");

    /// <summary>Moves to the value of the next member; null after the last one.</summary>
    /// <param name="names">The allowed members.</param>
    /// <param name="seen">A bit for each member read so far; starts at 0.</param>
    public string? NextMember(MemberNames names, ref uint seen)
    {
        if (Fault is not null || !Read() || _reader.TokenType == JsonTokenType.EndObject) return null;
        var index = names.IndexOf(_reader);
        if (index < 0)
        {
            Fail("An object has an unknown member" + NameForPeople());
            return null;
        }

        _at = names[index];
        if ((seen & (1u << index)) != 0)
        {
            Fail($"The member {_at} occurs twice.");
            return null;
        }

        seen |= 1u << index;
        return Read() ? names[index] : null;
    }

    /// <summary>Enters the array that comes next.</summary>
    public bool BeginArray() => Expect(JsonTokenType.StartArray, "an array");

    /// <summary>Moves to the array's next item; false after the last one.</summary>
    public bool NextItem()
    {
        if (Fault is not null || !Read() || _reader.TokenType == JsonTokenType.EndArray) return false;
        _itemDepth = _reader.CurrentDepth;
        return true;
    }

    /// <summary>
    /// Leaves an item that may be invalid, and continues with the next; malformed JSON invalidates all of them.
    /// </summary>
    public Problem? EndItem()
    {
        if (Fault is not { } fault || _broken) return Fault;
        Fault = null;
        while (_reader.CurrentDepth > _itemDepth
            || _reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            if (!Read()) return Fault;
        }

        return fault;
    }

    /// <summary>Checks that nothing follows.</summary>
    public Problem? End()
    {
        if (Fault is null) Read(mayEnd: true);
        return Fault;
    }

    public void Fail(string detail) => Fail(Problems.InvalidRequest.With(detail));

    private void Fail(Problem problem) => Fault ??= problem;

    private void Break(string detail)
    {
        _broken = true;
        Fail(detail);
    }

    // Only a plain name is repeated: the response must stay short, and safe for a terminal.
    private readonly string NameForPeople()
    {
        var name = _reader.ValueSpan;
        return name.Length is > 0 and <= 64 && !name.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? $": {System.Text.Encoding.ASCII.GetString(name)}." : ".";
    }

    private bool Expect(JsonTokenType type, string what)
    {
        if (Fault is null && _reader.TokenType != type) Fail($"{_at} must be {what}.");
        return Fault is null;
    }

    private bool Read(bool mayEnd = false)
    {
        try
        {
            if (_reader.Read()) return true;
            if (!mayEnd) Break($"{_at} ends too early.");
        }
        catch (JsonException)
        {
            Break($"{_at} is not JSON, or over {DepthMax} levels deep, at byte {_reader.BytesConsumed}.");
        }

        return false;
    }
}
