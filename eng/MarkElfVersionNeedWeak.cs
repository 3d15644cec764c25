using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Copies a 64-bit little-endian ELF library and marks one symbol-version requirement of it as weak.</summary>
public class MarkElfVersionNeedWeak : Task
{
    private const uint VersionNeedSection = 0x6ffffffe;
    private const byte WeakFlag = 2;

    [Required] public string Library { get; set; }
    [Required] public string Output { get; set; }
    [Required] public string VersionName { get; set; }

    public override bool Execute()
    {
        byte[] elf = File.ReadAllBytes(Library);
        int marked = 0;
        long sections = BitConverter.ToInt64(elf, 0x28);
        int entrySize = BitConverter.ToUInt16(elf, 0x3A);
        int count = BitConverter.ToUInt16(elf, 0x3C);
        for (int i = 0; i < count; i++)
        {
            int header = (int)(sections + (long)i * entrySize);
            if (BitConverter.ToUInt32(elf, header + 4) == VersionNeedSection)
            {
                int names = (int)(sections + (long)BitConverter.ToInt32(elf, header + 40) * entrySize);
                marked += MarkSection(elf, SectionOffset(elf, header), SectionOffset(elf, names));
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Output));
        File.WriteAllBytes(Output, elf);
        Log.LogMessage(MessageImportance.Low, "{0}: {1} need(s) of {2} marked weak", Output, marked, VersionName);
        return true;
    }

    private static int SectionOffset(byte[] elf, int header)
    {
        return (int)BitConverter.ToInt64(elf, header + 24);
    }

    private int MarkSection(byte[] elf, int need, int strings)
    {
        int marked = 0;
        while (true)
        {
            int auxiliary = need + BitConverter.ToInt32(elf, need + 8);
            for (int left = BitConverter.ToUInt16(elf, need + 2); left > 0; left--)
            {
                if (NameAt(elf, strings + BitConverter.ToInt32(elf, auxiliary + 8)) == VersionName)
                {
                    elf[auxiliary + 4] |= WeakFlag;
                    marked++;
                }

                auxiliary += BitConverter.ToInt32(elf, auxiliary + 12);
            }

            int next = BitConverter.ToInt32(elf, need + 12);
            if (next == 0)
            {
                return marked;
            }

            need += next;
        }
    }

    private static string NameAt(byte[] elf, int start)
    {
        return Encoding.ASCII.GetString(elf, start, Array.IndexOf(elf, (byte)0, start) - start);
    }
}
