namespace Weft.Serve.Room;

/// <summary>What corrects the codewords of a QR code: Reed-Solomon over GF(256), by the polynomial 0x11D.</summary>
internal static class ReedSolomon
{
    private const int Polynomial = 0x11D;

    /// <summary>The remainder of the data by the generator of this degree.</summary>
    public static byte[] Remainder(byte[] data, int degree)
    {
        var generator = Generator(degree);
        var remainder = new byte[degree];
        foreach (var octet in data)
        {
            var factor = (byte)(octet ^ remainder[0]);
            Array.Copy(remainder, 1, remainder, 0, degree - 1);
            remainder[^1] = 0;
            for (var i = 0; i < degree; i++) remainder[i] ^= Product(generator[i], factor);
        }

        return remainder;
    }

    // (x - 1)(x - 2)(x - 4)…, without its leading 1.
    private static byte[] Generator(int degree)
    {
        var generator = new byte[degree];
        generator[^1] = 1;
        byte root = 1;
        for (var i = 0; i < degree; i++)
        {
            for (var j = 0; j < degree; j++)
            {
                generator[j] = Product(generator[j], root);
                if (j + 1 < degree) generator[j] ^= generator[j + 1];
            }

            root = Product(root, 2);
        }

        return generator;
    }

    private static byte Product(byte left, byte right)
    {
        var product = 0;
        for (var bit = 7; bit >= 0; bit--)
        {
            product = (product << 1) ^ ((product >> 7) * Polynomial);
            product ^= ((right >> bit) & 1) * left;
        }

        return (byte)product;
    }
}
