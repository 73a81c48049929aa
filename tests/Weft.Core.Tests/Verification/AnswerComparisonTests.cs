using System.Text;
using Weft.Core.Verification;

namespace Weft.Core.Tests.Verification;

public class AnswerComparisonTests
{
    private static readonly AnswerComparison Close = new AnswerComparison.Numbers(Abs: 1e-6, Rel: 1e-9);

    [Theory]
    [InlineData("""{"a":1,"b":[true,null]}""", """ { "b" : [ true , null ] , "a" : 1 } """)]
    [InlineData("1", "1.0")]
    [InlineData("100", "1e2")]
    [InlineData("0.10", "100E-3")]
    [InlineData("-0", "0.000e77")]
    [InlineData("1e400", "10e399")]
    [InlineData("1e0000000000000000000002", "1E+2")]
    [InlineData("0e99999999999999999999", "0")]
    [InlineData("\"\\u0061\\/\"", "\"a/\"")]
    [InlineData("{\"\\u0061\":{},\"b\":[]}", "{\"b\":[],\"a\":{}}")]
    [InlineData("\"\\ud83d\\ude00\"", "\"😀\"")]
    public void Json_IsEqual_HoweverItIsSpelt(string left, string right)
    {
        Assert.Equal(AnswerComparison.Json.KeyOf(Bytes(left)), AnswerComparison.Json.KeyOf(Bytes(right)));
        Assert.True(Close.AreEqual(Bytes(left), Bytes(right)));
        Assert.NotEqual(AnswerComparison.Bytes.KeyOf(Bytes(left)), AnswerComparison.Bytes.KeyOf(Bytes(right)));
    }

    [Theory]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("1", "\"1\"")]
    [InlineData("\"NaN\"", "\"nan\"")]
    [InlineData("null", "\"NaN\"")]
    [InlineData("\"Infinity\"", "1e999")]
    [InlineData("1e999", "2e999")]
    [InlineData("1e999", "-1e999")]
    [InlineData("1e308", "1e999")]
    [InlineData("1e99999999999999999999", "1e99999999999999999998")]
    [InlineData("""{"a":1}""", """{"A":1}""")]
    [InlineData("""{"a":1}""", """{"a":1,"b":1}""")]
    [InlineData("""{"a":1}""", """{"a":1,"a":1}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2,"a":1}""")]
    [InlineData("""{"a":1,"\u0061":2}""", """{"\u0061":2,"a":1}""")]
    [InlineData("\"\\ud800\"", "\"\\udc00\"")]
    [InlineData("\"é\"", "\"e\\u0301\"")]
    public void Json_IsNotEqual_WhereItSaysAnotherThing(string left, string right)
    {
        Assert.NotEqual(AnswerComparison.Json.KeyOf(Bytes(left)), AnswerComparison.Json.KeyOf(Bytes(right)));
        Assert.False(Close.AreEqual(Bytes(left), Bytes(right)));
        // Whatever it is, it is equal to itself.
        Assert.True(Close.AreEqual(Bytes(left), Bytes(left)));
        Assert.Equal(AnswerComparison.Json.KeyOf(Bytes(left)), AnswerComparison.Json.KeyOf(Bytes(left)));
    }

    [Theory]
    [InlineData("[1.0000000001]", "[1]", true)]
    [InlineData("[0.0000001]", "[0]", true)]
    [InlineData("[0.000002]", "[0]", false)]
    [InlineData("""{"x":1e12,"y":"a"}""", """{"y":"a","x":1000000000999}""", true)]
    [InlineData("""{"x":1e12,"y":"a"}""", """{"y":"a","x":1000000002000}""", false)]
    [InlineData("[1,2]", "[1,2,3]", false)]
    [InlineData("[1e308]", "[-1e308]", false)]
    public void Numbers_AreEqual_WithinTheTolerance(string left, string right, bool equal) =>
        Assert.Equal(equal, Close.AreEqual(Bytes(left), Bytes(right)));

    [Fact]
    public void Numbers_WithoutATolerance_AreExact()
    {
        var exact = new AnswerComparison.Numbers(0, 0);
        Assert.False(exact.AreEqual(Bytes("9007199254740993"), Bytes("9007199254740992")));
        Assert.True(exact.AreEqual(Bytes("9007199254740993"), Bytes("9007199254740993.0")));
    }

    [Fact]
    public void DeepOrLargeJson_IsComparedByItsBytes()
    {
        var deep = new string('[', 65) + new string(']', 65);
        var large = $"[\"{new string('x', Limits.CompareJsonBytesMax)}\"]";
        foreach (var text in (string[])[deep, large])
        {
            Assert.Equal(AnswerHash.Of(Bytes(text).Span), AnswerComparison.Json.KeyOf(Bytes(text)));
            Assert.NotEqual(AnswerComparison.Json.KeyOf(Bytes(text)), AnswerComparison.Json.KeyOf(Bytes(text + " ")));
            Assert.False(Close.AreEqual(Bytes(text), Bytes(text + " ")));
            Assert.True(Close.AreEqual(Bytes(text), Bytes(text)));
        }
    }

    [Fact]
    public void AnswersThatNoCanonicalTextFits_AreComparedByTheirBytes()
    {
        byte[] broken = [(byte)'"', 0xFF, (byte)'"'];
        Assert.Equal(AnswerHash.Of(broken), AnswerComparison.Json.KeyOf(broken));
        var digits = new string('9', 200_000);
        Assert.True(Close.AreEqual(Bytes(digits), Bytes(digits + ".0")));
        Assert.False(Close.AreEqual(Bytes(digits), Bytes(digits + "0")));
    }

    [Fact]
    public void Hash_IsReadBackFromItsBytes()
    {
        var hash = AnswerHash.Of("1"u8);
        Assert.Equal("6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b", hash.ToString());
        Assert.Equal(hash, AnswerHash.From(hash.ToArray()));
        Assert.Equal("6b86b273…", hash.ShortText);
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
