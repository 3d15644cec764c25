using System.Text.Json.Serialization;

namespace Workbench.Activations;

/// <summary>The number type in which activations are stored; everything is computed and read as float32.</summary>
public enum StorageType
{
    /// <summary>
    /// float16, except for shards that hold a value beyond float16's range (65,504): such a shard is bfloat16 as a whole. The
    /// choice depends on the shard's own values alone, so it is the same after a resume and in every partition.
    /// </summary>
    Auto,

    /// <summary>IEEE half precision; a value beyond its range is refused.</summary>
    Float16,

    /// <summary>The upper half of a float32, rounded to nearest even; stored as uint16.</summary>
    [JsonStringEnumMemberName("bfloat16")]
    BFloat16,

    /// <summary>IEEE single precision.</summary>
    Float32,
}
