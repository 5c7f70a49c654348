import AdjointCore
import AdjointData

extension FuzzTarget {
    private static let dtypes = [
        "F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL", "C64",
    ]

    /// Tensors of every type and of unusual shapes.
    static func sample() -> StateDict {
        var state: StateDict = [:]
        for dtype in DType.allCases {
            state["\(dtype)"] = Tensor.arange(0, 6).reshape(2, 3).to(dtype)
        }
        state["scalar"] = Tensor(2.5)
        state["empty"] = Tensor.zeros([0, 3])
        state["long"] = Tensor.arange(0, 40).to(.uint8)
        return state
    }

    private static func refusesFile(_ error: any Error) -> Bool { error is DataFileError }

    /// The bytes that `write` puts into a file.
    static func written(_ folder: String, _ write: (String) throws -> Void) throws -> [UInt8] {
        let path = folder + "/seed"
        try write(path)
        return try FileBytes.read(path)
    }

    /// A safetensors file as its header and its data.
    private static func safetensorsSeed(_ bytes: [UInt8]) -> FuzzSeed {
        let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        return FuzzSeed([Array(bytes[8..<(8 + length)]), Array(bytes[(8 + length)...])]) { parts in
            little(UInt64(parts[0].count)) + parts.joined()
        }
    }

    static let safetensors = FuzzTarget(
        name: "safetensors",
        makeSeeds: { folder in
            let small: StateDict = ["w": Tensor([1.0, 2.0]), "é\n\"": Tensor(true)]
            return [
                safetensorsSeed(try written(folder) { try save(sample(), to: $0) }),
                safetensorsSeed(
                    try written(folder) { try save(small, to: $0, metadata: ["a": "b\u{1}"]) }),
                safetensorsSeed(try written(folder) { try save([:], to: $0) }),
            ]
        },
        tokens: dtypes + [
            "{", "}", "[", "]", ",", ":", "\"", "\\u00e9", "\\ud83d\\ude00", "\\ud800", "null",
            "true", "\"dtype\":", "\"shape\":[", "\"data_offsets\":[", "\"__metadata__\":{", "-1",
            "\"w\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},",
            "\"shape\":[4294967296,4294967296,4294967296]", "\u{301}",
        ],
        openers: ["[", "{\"a\":", "{\"dtype\":["], memoryFactor: 96,
        check: { bytes, folder in
            let state = try MemoryFile.load(bytes, path: folder + "/input")
            let metadata = (try? MemoryFile.metadata(bytes, path: "input")) ?? [:]
            try FuzzState.checkReturn(state, in: folder) { state, path in
                try save(state, to: path, metadata: metadata)
                guard try metadata == loadMetadata(from: path) || metadata["format"] == nil else {
                    throw Violation("the metadata came back another")
                }
            }
        }, isRefusal: refusesFile)

    static let index = FuzzTarget(
        name: "index",
        makeSeeds: { folder in
            try saveSharded(
                ["a": Tensor([1.0, 2.0]), "b": Tensor([3.0])], to: folder, maxShardBytes: 8)
            let text = String(
                decoding: try FileBytes.read(folder + "/model.safetensors.index.json"),
                as: UTF8.self)
            return [
                FuzzSeed(lines: text),
                FuzzSeed(
                    lines: "{\"weight_map\":{\n\"a\":\"model-00001-of-00002.safetensors\"},\n"
                        + "\"metadata\":{\"x\":[-1.5,null,true]}}"),
            ]
        },
        tokens: [
            "{", "}", "[", "]", ",", ":", "\"", "../", "/", "/\u{301}", "\\", "\\u0000", "..",
            "null", "-1.5e3", "\"weight_map\":{", "\"c\":\"model-00001-of-00002.safetensors\",",
        ],
        openers: ["[", "{\"a\":"], memoryFactor: 96,
        check: { bytes, folder in
            let state = try MemoryFile.load(bytes, path: folder + "/input.index.json")
            try FuzzState.checkReturn(state, in: folder) { try save($0, to: $1) }
        }, isRefusal: refusesFile)

    static let trainingState = FuzzTarget(
        name: "training-state",
        makeSeeds: { folder in
            let state = TrainingState(
                model: ["w": Tensor([1.0, 2.0])], optimizer: ["step": Tensor(3)],
                averages: ["w": Tensor([0.5])], schedulerSteps: 5,
                generator: .init(seed: 1, offset: 2),
                loader: .init(epoch: .init(seed: 3, offset: 4), batch: 5), notes: ["a": "b"])
            return [safetensorsSeed(try written(folder) { try state.save(to: $0) })]
        },
        tokens: dtypes + [
            "model.", "optimizer.", "scheduler.", "averages.", "other.", "note.", "generator",
            "loader", "scheduler.steps", "adjoint.trainingState", "\"1\"", " ", "-1", "\"",
            "18446744073709551615", "9223372036854775808",
        ],
        openers: ["{\"a\":", "["], memoryFactor: 96,
        check: { bytes, folder in
            let state = try MemoryFile.trainingState(bytes, path: "input")
            let path = folder + "/state"
            try state.save(to: path)
            let back: TrainingState
            do { back = try TrainingState(from: path) } catch {
                throw Violation("what was written cannot be read: \(error)")
            }
            for (a, b) in [
                (state.model, back.model), (state.optimizer, back.optimizer),
                (state.scheduler, back.scheduler), (state.averages, back.averages),
                (state.other, back.other),
            ] { try FuzzState.expectEqual(a, b) }
            guard state.notes == back.notes, state.generator == back.generator,
                state.loader == back.loader, state.schedulerSteps == back.schedulerSteps
            else { throw Violation("the state came back another") }
        }, isRefusal: refusesFile)

    /// An array of NumPy's as the dictionary in its header and its data.
    static func npySeed(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> FuzzSeed {
        FuzzSeed([Array(header.utf8), data]) { npy($0[0], $0[1], version: version) }
    }

    static func npy(_ header: [UInt8], _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
        let length =
            version == 1
            ? little(UInt16(truncatingIfNeeded: header.count)) : little(UInt32(header.count))
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + data
    }

    static let npyTokens = [
        "'descr':", "'fortran_order':", "'shape':", "True", "False", "(", ")", ",", "'", "{", "}",
        "'<f4'", "'>f8'", "'<f2'", "'|b1'", "'|u1'", "'<i8'", "'<c8'", "'|O'", "(2, 3)", "(),",
        "(4294967296, 4294967296, 0)", "3L", "\\", "'descr': '<f4', ", "\u{301}",
    ]

    static let npy = FuzzTarget(
        name: "npy",
        makeSeeds: { folder in
            let bytes = [UInt8](0..<48)
            return try [.float64, .float16, .bool, .int16].map { dtype in
                FuzzSeed(
                    try written(folder) {
                        try saveNumpy(Tensor.arange(0, 6).reshape(2, 3).to(dtype), to: $0)
                    })
            } + [
                npySeed("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 6), }\n", bytes),
                npySeed("{'descr': '>f8', 'fortran_order': False, 'shape': (6,), }\n", bytes),
                npySeed("{'shape': (), 'descr': '<i8', 'fortran_order': True}", Array(bytes[..<8])),
                npySeed(
                    "{'descr': '|u1', 'fortran_order': True, 'shape': (4, 3L, 4)}", bytes,
                    version: 2),
                npySeed("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 5)}", []),
            ]
        },
        tokens: npyTokens, openers: ["(", "{'descr':"], memoryFactor: 64,
        check: { bytes, folder in
            let state = try MemoryFile.load(bytes, path: "input")
            try FuzzState.checkReturn(state, in: folder) { state, path in
                if let tensor = state["tensor"] {
                    try saveNumpy(tensor, to: path)
                } else {
                    try save(state, to: path)
                }
            }
        }, isRefusal: refusesFile)

    static let idx = FuzzTarget(
        name: "idx",
        makeSeeds: { folder in
            let types: [DType] = [.uint8, .int8, .int16, .int32, .float32, .float64]
            return try types.enumerated().map { i, dtype in
                let bytes = try written(folder) {
                    try saveIDX(
                        Tensor.arange(0, 24).reshape([[24], [4, 6], [2, 3, 4]][i % 3]).to(dtype),
                        to: $0)
                }
                let size = 4 + 4 * Int(bytes[3])
                return FuzzSeed([Array(bytes[..<size]), Array(bytes[size...])])
            }
        },
        tokens: ["\u{0}\u{0}\u{8}\u{1}", "\u{0}\u{0}\u{D}\u{4}", "\u{1F}", "{"], openers: [],
        memoryFactor: 64,
        check: { bytes, folder in
            let array = try MemoryFile.idx(bytes, path: "input")
            guard array.floats.count == array.count, array.doubles.count == array.count else {
                throw Violation("the elements are not as many as the shape says")
            }
            let state = try MemoryFile.load(bytes, path: "input")
            try FuzzState.checkReturn(state, in: folder) { state, path in
                if let tensor = state["tensor"] { try saveIDX(tensor, to: path) }
            }
        }, isRefusal: refusesFile)
}
