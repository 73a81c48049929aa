using System.Text;
using System.Text.Json;
using Weft.Http;

namespace Weft.Tests.Api;

public sealed class JsonBytesTests
{
    [Theory]
    [InlineData("result", true)]
    [InlineData("\\u0072esult", true)]
    [InlineData("\\ud800", false)]
    [InlineData("\\uDFFFresult", false)]
    [InlineData("\\ud83d\\ude00", false)]
    [InlineData("\\\\ud800", false)]
    [InlineData("result\\", false)]
    [InlineData("\\ud7ff", false)]
    public void AMember_IsKnownByItsName_HoweverThatIsWritten(string name, bool isResult) =>
        Assert.Equal(isResult, IsNamed(name, "result"));

    [Fact]
    public void WhatIsNestedTooDeep_IsText()
    {
        static byte[] Nested(int levels) => Encoding.UTF8.GetBytes(new string('[', levels) + new string(']', levels));
        Assert.True(JsonBytes.IsJson(Nested(1_000)));
        Assert.False(JsonBytes.IsJson(Nested(1_001)));
        Assert.Equal((byte)'"', JsonBytes.ExtractResult(Nested(100_000)).Span[0]);
        Assert.Equal((byte)'"',
            JsonBytes.ExtractResult((byte[])[.. "{\"result\":"u8, .. Nested(100_000), .. "}"u8]).Span[0]);
    }

    [Fact]
    public void HalfASurrogate_CostsNoException()
    {
        var thrown = 0;
        void Count(object? sender, System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs first)
        {
            if (first.Exception is InvalidOperationException
                && first.Exception.StackTrace?.Contains("ValueTextEquals", StringComparison.Ordinal) == true) thrown++;
        }

        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            JsonBytes.ExtractResult(
                Encoding.UTF8.GetBytes("{" + string.Join(',', Enumerable.Repeat("\"\\ud800\":0", 100)) + "}"));
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        Assert.Equal(0, thrown);
    }

    private static bool IsNamed(string escaped, string name)
    {
        var reader =
            new Utf8JsonReader(
                Encoding.UTF8.GetBytes($"{{\"{(escaped.EndsWith('\\') ? escaped + "\\" : escaped)}\":0}}"));
        reader.Read();
        reader.Read();
        return JsonBytes.IsNamed(reader, Encoding.UTF8.GetBytes(name));
    }
}
