import AdjointCore
import AdjointData
import Foundation

extension FuzzTarget {
    /// An archive whose entries' names and contents are the parts.
    private static func archive(
        _ entries: [(name: String, content: [UInt8])], packed: Bool = false
    ) -> FuzzSeed {
        FuzzSeed(entries.flatMap { [Array($0.name.utf8), $0.content] }) { parts in
            FuzzZip.bytes(
                stride(from: 0, to: parts.count - 1, by: 2).map {
                    (String(decoding: parts[$0], as: UTF8.self), parts[$0 + 1])
                }, packed: packed)
        }
    }

    private static let zipTokens = [
        "PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "PK\u{6}\u{6}", "PK\u{6}\u{7}",
        "PK\u{7}\u{8}",
        ".npy", "/",
    ]

    /// The most that reading packed data may take: deflate makes 1,032 bytes of one at best, and
    /// what was unpacked is copied.
    private static let packedFactor = 3 * 1032

    static let npz = FuzzTarget(
        name: "npz",
        makeSeeds: { folder in
            let arrays: [String: Tensor] = ["a": Tensor([1.0, 2.0]), "b": Tensor(3)]
            let header = Array("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 6), }\n".utf8)
            let one = npy(header, [UInt8](0..<48))
            let zeros = npy(
                Array("{'descr': '|u1', 'fortran_order': False, 'shape': (20000,)}".utf8),
                [UInt8](repeating: 0, count: 20_000))
            return [
                FuzzSeed(try written(folder) { try saveNumpyArchive(arrays, to: $0) }),
                archive([("x.npy", one), ("y.npy", one)]),
                archive([("x.npy", one), ("y.npy", zeros)], packed: true),
                // The dictionary and the data of an array by themselves.
                FuzzSeed([header, [UInt8](0..<48)]) { parts in
                    FuzzZip.bytes([("x.npy", npy(parts[0], parts[1]))], packed: true)
                },
            ]
        },
        tokens: npyTokens + zipTokens, openers: ["("], memoryFactor: packedFactor,
        check: comesBack { try saveNumpyArchive($0, to: $1) }, isRefusal: { $0 is DataFileError })

    /// Reads a file, and writes what it holds back.
    private static func comesBack(
        _ write: @escaping @Sendable (StateDict, String) throws -> Void
    ) -> @Sendable ([UInt8], String) throws -> Void {
        { bytes, folder in
            let state = try MemoryFile.load(bytes, path: "input")
            try FuzzState.checkReturn(state, in: folder, write: write)
        }
    }

    static let pt = FuzzTarget(
        name: "pt",
        makeSeeds: { folder in
            let state = sample()
            func file(_ pickle: [UInt8]) -> FuzzSeed {
                archive([
                    ("archive/data.pkl", pickle), ("archive/byteorder", Array("little".utf8)),
                    ("archive/data/0", [UInt8](0..<48)), ("archive/data/1", [UInt8](0..<16)),
                    ("archive/data/2", [0, 0, 0x80, 0x3F]), ("archive/data/3", [0, 0, 0x80, 0x3F]),
                ])
            }
            let recorded = Data(base64Encoded: FuzzPickles.protocol4)!
            return [FuzzSeed(try written(folder) { try savePyTorch(state, to: $0) })]
                + [file([UInt8](recorded))] + FuzzPickles.handmade.map(file)
                + [file(FuzzPickles.selfHolding).asRefused]
        },
        tokens: zipTokens + FuzzPickles.tokens,
        openers: ["(", "]", "}", ")", "]q\u{0}h\u{0}a", "h\u{0}", "(h\u{0}t", "K\u{1}", "(K\u{1}"],
        // Each number of a pickle becomes a tensor.
        memoryFactor: 2500,
        check: comesBack { try savePyTorch($0, to: $1) }, isRefusal: { $0 is DataFileError })

    /// gzip around the formats that may be packed so.
    static let gzip = FuzzTarget(
        name: "gzip",
        makeSeeds: { folder in
            func packed(_ parts: [[UInt8]]) -> FuzzSeed {
                FuzzSeed(parts) { Gzip.shared?.packed(Array($0.joined())) ?? Array($0.joined()) }
            }
            let idx = try written(folder) { try saveIDX(Tensor.arange(0, 600).to(.uint8), to: $0) }
            let both = packed([Array("1,2\n".utf8)]).bytes
            return [
                packed([Array(idx[..<8]), Array(idx[8...])]),
                packed([Array("a,b\n".utf8), Array("1,2\n3,4.5\n".utf8)]),
                // Two members, and zeros behind them.
                FuzzSeed([both, both, [0, 0, 0]]),
                packed([[UInt8](repeating: 0x30, count: 30_000)]),
            ]
        },
        tokens: ["\u{1F}", "1,2\n", "\u{0}\u{0}\u{8}\u{1}"], openers: [],
        memoryFactor: 8 * packedFactor,
        check: comesBack { try save($0, to: $1) }, isRefusal: { $0 is DataFileError })
}

/// Pickles, Python's serialisation, that PyTorch's archives hold.
enum FuzzPickles {
    /// A checkpoint that PyTorch wrote with protocol 4.
    static let protocol4 = """
        gASVSQMAAAAAAAB9lCiMBW1vZGVslIwLY29sbGVjdGlvbnOUjAtPcmRlcmVkRGljdJSTlClSlCiMBndlaWdodJSM
        DHRvcmNoLl91dGlsc5SMEl9yZWJ1aWxkX3BhcmFtZXRlcpSTlGgHjBJfcmVidWlsZF90ZW5zb3JfdjKUk5QoKIwH
        c3RvcmFnZZSMBXRvcmNolIwMRmxvYXRTdG9yYWdllJOUjAEwlIwDY3B1lEsMdJRRSwBLA0sEhpRLBEsBhpSJaAQp
        UpR0lFKUiGgEKVKUh5RSlIwKdHJhbnNwb3NlZJRoCygoaAxoD2gQaBFLDHSUUUsASwRLA4aUSwFLBIaUiWgEKVKU
        dJRSlIwGY29ybmVylGgLKChoDGgPaBBoEUsMdJRRSwZLAksChpRoFIloBClSlHSUUpSMCGV4cGFuZGVklGgLKCho
        DGgPaBBoEUsMdJRRSwNLAksDhpRLAEsAhpSJaAQpUpR0lFKUjAVlbXB0eZRoCygoaAxoD2gQaBFLDHSUUUsASwBL
        A4aUSwNLAYaUiWgEKVKUdJRSlHV9lIwJX21ldGFkYXRhlH2UjACUfZSMB3ZlcnNpb26USwFzc3NijAlvcHRpbWl6
        ZXKUfZQojAVzdGF0ZZR9lEsAfZQojARzdGVwlGgLKChoDGgPjAEylGgRSwF0lFFLACkpiWgEKVKUdJRSlIwHZXhw
        X2F2Z5RoCygoaAxoDYwNRG91YmxlU3RvcmFnZZSTlIwBMZRoEUsCdJRRSwBLAoWUSwGFlIloBClSlHSUUpR1c4wM
        cGFyYW1fZ3JvdXBzlF2UfZQojAJscpRHP1BiTdLxqfyMBWJldGFzlEc/7MzMzMzMzUc/7/fO2RaHK4aUjAdhbXNn
        cmFklImMB2ZvcmVhY2iUTowGcGFyYW1zlF2USwBhdWF1jAd1bnR5cGVklGgHjBJfcmVidWlsZF90ZW5zb3JfdjOU
        k5QoKGgMaA2MDlVudHlwZWRTdG9yYWdllJOUjAEzlGgRSwR0lFFLAGhMaE2JaAQpUpRoDYwFaW50MTaUk5R0lFKU
        jAVlcG9jaJRKcBEBAIwEYmVzdJRHv/gAAAAAAACMBG5hbWWUjANydW6UjAVzdGVwc5SKBgAAAAAA/3Uu
        """.filter { !$0.isNewline }

    /// A list that holds itself 400 times, and a number.
    static let selfHolding: [UInt8] =
        [0x80, 2, 0x5D, 0x71, 0, 0x28] + repeatElement([0x68, 0], count: 400).joined()
        + [0x4B, 7, 0x65, 0x2E]

    /// Containers that hold each other, and long ones.
    static let handmade: [[UInt8]] = {
        typealias Bytes = [UInt8]
        func pickle(_ body: Bytes) -> Bytes { [0x80, 2] + body + [0x2E] }
        func many(_ body: Bytes, _ count: Int) -> Bytes {
            Bytes(repeatElement(body, count: count).joined())
        }
        let ints = many([0x4B, 1], 300)
        // A list that holds one list twice.
        let sharedHead: Bytes = [0x5D, 0x71, 1, 0x28] + ints
        let sharedTail: Bytes = [0x65, 0x30, 0x5D, 0x28] + many([0x68, 1], 2)
        let shared: Bytes = sharedHead + sharedTail + [0x65]
        // {"a": 1.5, 3: (True, None)}
        let mixedHead: Bytes = [0x7D, 0x28, 0x58, 1, 0, 0, 0, 0x61, 0x47, 0x3F, 0xF8]
        let mixedTail: Bytes = [0, 0, 0, 0, 0, 0, 0x4B, 3, 0x88, 0x4E, 0x86, 0x75]
        // An OrderedDict of pairs; and one name that is used often.
        let function = Bytes("ccollections\nOrderedDict\n".utf8)
        let pairs: Bytes = [0x5D, 0x28, 0x58, 1, 0, 0, 0, 0x6B, 0x4B, 1, 0x86, 0x65, 0x85, 0x52]
        let accents = many([0xC3, 0xA9], 2000)
        let usedHead: Bytes = [0x7D, 0x58] + little(UInt32(accents.count)) + accents
        let usedTail: Bytes = [0x71, 2, 0x4B, 1, 0x73] + many([0x68, 2, 0x4B, 1, 0x73], 200)
        let tuple: Bytes = [0x28] + ints + [0x74]
        return [
            shared, mixedHead + mixedTail, function + pairs, usedHead + usedTail, tuple,
        ].map(pickle)
    }()

    static let tokens = [
        "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch._utils\n_rebuild_parameter\n",
        "ccollections\nOrderedDict\n", "ctorch\nFloatStorage\n", "ctorch\nUntypedStorage\n",
        "ctorch\nSize\n", "ctorch\nfloat32\n", "ctorch._utils\n_rebuild_tensor_v3\n",
        "cos\nsystem\n",
        "(", "t", "R", "Q", "q\u{0}", "h\u{0}", "h\u{1}", "h\u{2}", "s", "u", "e", "a", "]", "}",
        ")",
        "N", "0", "b", "K\u{1}", ".", "archive/data.pkl", "data/0", "byteorder", "constants.pkl",
        "version", "big", "little",
    ]
}
