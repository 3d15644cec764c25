namespace Workbench.Models.Weights;

/// <summary>Number types of GGUF tensors that the workbench reads, with ggml's numbers.</summary>
public enum GgufType
{
    /// <summary>32-bit floating point.</summary>
    F32 = 0,

    /// <summary>16-bit floating point.</summary>
    F16 = 1,

    /// <summary>4 bits, blocks of 32, scale.</summary>
    Q4_0 = 2,

    /// <summary>4 bits, blocks of 32, scale and minimum.</summary>
    Q4_1 = 3,

    /// <summary>5 bits, blocks of 32, scale.</summary>
    Q5_0 = 6,

    /// <summary>5 bits, blocks of 32, scale and minimum.</summary>
    Q5_1 = 7,

    /// <summary>8 bits, blocks of 32, scale.</summary>
    Q8_0 = 8,

    /// <summary>2 bits, super-blocks of 256.</summary>
    Q2_K = 10,

    /// <summary>3 bits, super-blocks of 256.</summary>
    Q3_K = 11,

    /// <summary>4 bits, super-blocks of 256.</summary>
    Q4_K = 12,

    /// <summary>5 bits, super-blocks of 256.</summary>
    Q5_K = 13,

    /// <summary>6 bits, super-blocks of 256.</summary>
    Q6_K = 14,

    /// <summary>4 bits of unevenly spaced numbers, blocks of 32, scale.</summary>
    IQ4_NL = 20,

    /// <summary>4 bits of unevenly spaced numbers, super-blocks of 256.</summary>
    IQ4_XS = 23,

    /// <summary>bfloat16.</summary>
    BF16 = 30,
}
