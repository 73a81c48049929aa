using System.Text;

namespace Weft.CommandLine.Terminal;

/// <summary>Writes text with terminal control characters escaped. Each call is one write.</summary>
internal sealed class InertWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(Inert.Of(value.ToString()));

    public override void Write(string? value) => inner.Write(Inert.Of(value ?? ""));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine() => inner.Write('\n');

    public override void WriteLine(string? value) => inner.Write(Inert.Of(value ?? "") + "\n");

    public override void WriteLine(ReadOnlySpan<char> buffer) => WriteLine(buffer.ToString());

    public override void Flush() => inner.Flush();
}
