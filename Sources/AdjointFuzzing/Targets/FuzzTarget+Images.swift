import AdjointCore
import AdjointData
import Foundation

extension FuzzTarget {
    /// A PNG file as its header, its palette, its transparency and its unpacked rows; chunks have
    /// true lengths and checksums. Parts without bytes have no chunk.
    private static func pngSeed(
        _ header: [UInt8], palette: [UInt8] = [], alpha: [UInt8] = [], rows: [UInt8]
    ) -> FuzzSeed {
        FuzzSeed([header, palette, alpha, rows]) { parts in
            func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
                let body = Array(name.utf8) + data
                return big(UInt32(data.count)) + body + big(FuzzDeflate.checksum(body))
            }
            var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            file += chunk("IHDR", parts[0])
            if !parts[1].isEmpty { file += chunk("PLTE", parts[1]) }
            if !parts[2].isEmpty { file += chunk("tRNS", parts[2]) }
            return file + chunk("IDAT", FuzzDeflate.framed(parts[3]) ?? parts[3])
                + chunk("IEND", [])
        }
    }

    /// Width, height, bits, kind, and whether rows are interlaced.
    private static func header(
        _ width: UInt32, _ height: UInt32, _ bits: UInt8, _ kind: UInt8, _ interlaced: UInt8 = 0
    ) -> [UInt8] {
        big(width) + big(height) + [bits, kind, 0, 0, interlaced]
    }

    static let png = FuzzTarget(
        name: "png",
        makeSeeds: { folder in
            func rows(_ count: Int, _ bytes: Int) -> [UInt8] {
                (0..<count).flatMap { row in
                    [UInt8(row % 5)] + (0..<bytes).map { UInt8(truncatingIfNeeded: row * 31 + $0) }
                }
            }
            let image = Tensor.arange(0, 60).reshape(3, 4, 5).to(.uint8)
            return [
                FuzzSeed(try written(folder) { try savePNG(image, to: $0) }),
                pngSeed(header(5, 4, 8, 0), rows: rows(4, 5)),
                pngSeed(header(9, 3, 1, 0), rows: rows(3, 2)),
                pngSeed(header(5, 4, 16, 2), rows: rows(4, 30)),
                pngSeed(
                    header(6, 4, 4, 3), palette: [UInt8](0..<48), alpha: [0, 128], rows: rows(4, 3)),
                pngSeed(header(5, 4, 8, 6), rows: rows(4, 20)),
                pngSeed(header(3, 3, 8, 4, 1), rows: [UInt8](repeating: 0, count: 24)),
                pngSeed(header(400, 300, 8, 0), rows: [UInt8](repeating: 0, count: 401 * 300)),
            ]
        },
        tokens: ["IHDR", "PLTE", "tRNS", "IDAT", "IEND", "gAMA", "iCCP", "sRGB", "acTL"],
        // 4 channels of a byte for one of a bit, and a copy in another order.
        openers: [], memoryFactor: 3 * 32 * 1032, check: checkPicture,
        isRefusal: { $0 is DataFileError })

    static let jpeg = FuzzTarget(
        name: "jpeg",
        makeSeeds: { _ in
            [FuzzPhotographs.gray, FuzzPhotographs.progressive].map {
                FuzzSeed([UInt8](Data(base64Encoded: $0)!))
            }
        },
        tokens: [], openers: [],
        // A bit for 64 pixels of 3 channels, in libjpeg's 16-bit coefficients too, and copies.
        memoryFactor: 512 * 16, check: checkPicture, isRefusal: { $0 is DataFileError })

    @Sendable private static func checkPicture(_ bytes: [UInt8], _ folder: String) throws {
        let state = try MemoryFile.load(bytes, path: "input")
        if let first = bytes.first, first == 0x89 || first == 0xFF {
            for mode: ImageMode in [.gray, .grayAlpha, .rgb, .rgbAlpha] {
                let image = try decodeImage(bytes, mode: mode)
                guard image.ndim == 3, image.shape[1] * image.shape[2] > 0 else {
                    throw Violation("an image has the shape \(image.shape)")
                }
            }
        }
        try FuzzState.checkReturn(state, in: folder) { state, path in
            if let tensor = state["tensor"], tensor.dtype == .uint8, tensor.ndim == 3 {
                try savePNG(tensor, to: path)
            } else {
                try save(state, to: path)
            }
        }
    }
}

/// Small JPEG images, for want of a writer.
private enum FuzzPhotographs {
    static let gray = """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4R
        DgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAMABQBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcI
        CQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcY
        GRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj
        pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APnf
        Rfg5939x+ld9onwc+7+4/Su0tPg5+5H7j9K9S0Twvp/y/ua73RPDGnnb+5rtLXwxp4hH7mv/2Q==
        """.filter { !$0.isNewline }

    /// Coloured, and progressive.
    static let progressive = """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4R
        DgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU
        FBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wgARCAAMABQDAREAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAA
        BQYH/8QAFwEBAQEBAAAAAAAAAAAAAAAABgcCCP/aAAwDAQACEAMQAAABzuwnXxNGaJOqnfHTwmitEnf/xAAaEAAC
        AwEBAAAAAAAAAAAAAAAAAwIEBREh/9oACAEBAAEFAk44nHI4/iaqxNZZGsvn/8QAHBEAAgICAwAAAAAAAAAAAAAA
        AAMCBAVhEiIx/9oACAEDAQE/AaGR2UMjsTkenpQfMoPmJfPgf//EABwRAAICAwEBAAAAAAAAAAAAAAAEAwUxUWES
        Iv/aAAgBAgEBPwFu46N3HSS4+sjbMmxtqXZIzJ6yf//EABUQAQEAAAAAAAAAAAAAAAAAAAAx/9oACAEBAAY/AoiI
        iP/EABcQAAMBAAAAAAAAAAAAAAAAAAAQITH/2gAIAQEAAT8hzOa/IZl3/9oADAMBAAIAAwAAABAoL7//xAAXEQEB
        AQEAAAAAAAAAAAAAAAAAITER/9oACAEDAQE/EMTEiIahrhV//8QAFxEBAQEBAAAAAAAAAAAAAAAAACExEf/aAAgB
        AgEBPxDY2LC8sO8f/8QAGRAAAgMBAAAAAAAAAAAAAAAAAAEQIfHB/9oACAEBAAE/EMUzStzEHgSQf//Z
        """.filter { !$0.isNewline }
}
