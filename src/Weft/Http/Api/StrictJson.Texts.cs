using System.Text;
using System.Text.Json;

namespace Weft.Http.Api;

/// <summary>Collections of strings that may be empty, bounded by their bytes.</summary>
internal ref partial struct StrictJson
{
    public List<string> Texts(int countMax, int bytesMax)
    {
        var texts = new List<string>();
        if (!BeginArray()) return texts;
        while (Fault is null && Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (texts.Count == countMax) Fail($"{_at} must have at most {countMax} items.");
            else texts.Add(Text(bytesMax));
        }

        return texts;
    }

    /// <summary>
    /// An object of strings, whose names the caller checks; in the order of the request, without duplicates.
    /// </summary>
    public List<KeyValuePair<string, string>> TextMap(int countMax, int bytesMax)
    {
        var texts = new List<KeyValuePair<string, string>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (!BeginObject()) return texts;
        while (Fault is null && Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = Whole(bytesMax);
            if (texts.Count == countMax) Fail($"{_at} must have at most {countMax} members.");
            else if (!names.Add(name)) Fail($"{_at} has a member twice.");
            else if (Fault is null && Read()) texts.Add(new(name, Text(bytesMax)));
        }

        return texts;
    }

    /// <summary>A string that may be empty.</summary>
    public string Text(int bytesMax) => Expect(JsonTokenType.String, "strings") ? Whole(bytesMax) : "";

    private string Whole(int bytesMax)
    {
        if (!_reader.TryGetText(out var text)) Fail($"{_at} must have strings without lone surrogates.");
        else if (Encoding.UTF8.GetByteCount(text) > bytesMax)
            Fail($"{_at} must have strings of at most {bytesMax} bytes.");
        return text ?? "";
    }
}
