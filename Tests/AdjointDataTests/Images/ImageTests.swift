import Adjoint
import Foundation
import Testing

@testable import AdjointData

@Suite struct ImageTests {
    private struct Recorded: Decodable {
        let shape: [Int]
        let data: [Int]
    }

    private static func recorded() throws -> [String: Recorded] {
        let url = URL(fileURLWithPath: Fixtures.path("images/images.json"))
        return try JSONDecoder().decode([String: Recorded].self, from: Data(contentsOf: url))
    }

    @Test(.needsPNG) func everyKindOfPNGIsRead() throws {
        let files = try Self.recorded().filter { $0.key.hasSuffix(".png") }
        #expect(files.count == 15)
        for (name, recorded) in files {
            let image = try loadImage(from: Fixtures.path("images/" + name))
            #expect(image.shape == recorded.shape && image.dtype == .uint8, "\(name)")
            #expect(image.array(as: Int.self) == recorded.data, "\(name)")
            #expect(image.isContiguous)
        }
    }

    @Test(.needsJPEG) func everyKindOfJPEGIsRead() throws {
        let files = try Self.recorded().filter { !$0.key.hasSuffix(".png") }
        #expect(files.count == 3)
        for (name, recorded) in files {
            let image = try loadImage(from: Fixtures.path("images/" + name))
            #expect(image.shape == recorded.shape && image.dtype == .uint8, "\(name)")
            // Decoders may round their cosines and colours in other ways.
            for (a, b) in zip(image.array(as: Int.self), recorded.data) {
                #expect(abs(a - b) <= 3, "\(name)")
            }
        }
        let gray = try loadImage(from: Fixtures.path("images/rgb.jpg"), mode: .gray)
        let colored = try loadImage(from: Fixtures.path("images/rgb.jpg"))
        for (a, b) in zip(gray.array(as: Int.self), Grayscale()(colored).array(as: Int.self)) {
            #expect(abs(a - b) <= 3)
        }
        let error = problem { try loadImage(from: Fixtures.path("images/cmyk.jpg")) }
        #expect(error.contains("cmyk.jpg: the JPEG image cannot be read"))
    }

    @Test(.needsPNG) func channelsAreAsAsked() throws {
        let path = Fixtures.path("images/rgb-alpha.png")
        let whole = try loadImage(from: path)
        let colors = try loadImage(from: path, mode: .rgb)
        #expect(colors.array(as: Int.self) == whole[0..<3].array(as: Int.self))
        let gray = try loadImage(from: path, mode: .grayAlpha)
        #expect(gray.shape == [2, 4, 5])
        #expect(gray[1].array(as: Int.self) == whole[3].array(as: Int.self))
        let (red, green, blue) = (
            whole[0].array(as: Double.self), whole[1].array(as: Double.self),
            whole[2].array(as: Double.self)
        )
        for (i, value) in gray[0].array(as: Double.self).enumerated() {
            let exact = 0.299 * red[i] + 0.587 * green[i] + 0.114 * blue[i]
            #expect(abs(value - exact) <= 0.51)
        }
        let opaque = try loadImage(from: Fixtures.path("images/gray.png"), mode: .rgbAlpha)
        #expect(opaque[3].array(as: Int.self) == [Int](repeating: 255, count: 20))
        #expect(opaque[0].array(as: Int.self) == opaque[2].array(as: Int.self))
    }

    @Test(.needsPNG, arguments: 1...4) func writtenImagesComeBack(channels: Int) throws {
        try withTemporaryFile([], named: "x.png") { path in
            let image = withGenerator(seed: channels) {
                Tensor.randint(0, 256, [channels, 37, 41]).to(.uint8)
            }
            try savePNG(image, to: path)
            let back = try loadImage(from: path)
            #expect(back.shape == image.shape && back.array(as: Int.self) == image.array())
            // The same pixels are the same file; a view is written in its own order.
            let first = try encodePNG(image)
            #expect(try first == encodePNG(image.transpose(1, 2).contiguous().transpose(1, 2)))
            #expect(try decodeImage(first).array(as: Int.self) == image.array())
        }
        #expect(
            try decodeImage(encodePNG(Tensor.zeros([2, 3], dtype: .uint8))).shape == [1, 2, 3])
    }

    @Test func whatIsNoImageIsRefused() throws {
        for image in [
            Tensor.zeros(3, 2, 2), Tensor.zeros([5, 2, 2], dtype: .uint8),
            Tensor.zeros([3, 0, 2], dtype: .uint8), Tensor.zeros([2], dtype: .uint8),
        ] {
            #expect(throws: TensorError.self) { try catchingTensorErrors { try encodePNG(image) } }
        }
        let text = problem { try decodeImage(Array("GIF89a".utf8)) }
        #expect(text.contains("neither a PNG nor a JPEG"))
        #expect(problem { try loadImage(from: "/nowhere.png") }.contains("no such file"))
    }

    @Test func aMissingLibraryNamesItsPackage() {
        #expect(PNG.missing("x.png").description.contains("apt install libpng16-16"))
        #expect(JPEG.missing("x.jpg").description.contains("apt install libturbojpeg0"))
    }

    /// A PNG header of these sizes, with nothing behind it but an empty chunk of data.
    private func lying(_ width: UInt32, _ height: UInt32) throws -> [UInt8] {
        var bytes = try Fixtures.bytes("images/gray.png")
        for (offset, size) in [(16, width), (20, height)] {
            withUnsafeBytes(of: size.bigEndian) {
                bytes.replaceSubrange(offset..<(offset + 4), with: $0)
            }
        }
        return bytes
    }

    @Test(.needsPNG) func headersThatLieTakeNoMemory() throws {
        for (width, height) in [
            (0xFFFF_FFFF, 0xFFFF_FFFF), (1 << 31, 1 << 31), (30_000, 30_000), (1 << 20, 1 << 20),
        ] {
            let bytes = try lying(UInt32(width), UInt32(height))
            #expect(problem { try decodeImage(bytes) }.contains("cannot hold"))
        }
        #expect(problem { try decodeImage(lying(0, 5)) }.contains("states 0 x 5"))
        #expect(problem { try decodeImage(lying(6, 5)) }.contains("PNG image cannot be read"))
    }

    @Test(.needsJPEG) func jpegHeadersThatLieTakeNoMemory() throws {
        var bytes = try Fixtures.bytes("images/gray.jpg")
        let frame = try #require(
            (2..<bytes.count - 9).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
        bytes.replaceSubrange((frame + 5)..<(frame + 9), with: [0xFD, 0xE8, 0xFD, 0xE8])
        #expect(problem { try decodeImage(bytes) }.contains("65000 x 65000 pixels"))
    }

    @Test(.needsPNG, .needsJPEG) func everyTruncationIsRefused() throws {
        for name in ["interlaced.png", "palette-alpha.png", "rgb.jpg", "progressive.jpeg"] {
            let bytes = try Fixtures.bytes("images/" + name)
            // The last bytes are the end mark, without which the pixels are whole.
            for length in 0..<(bytes.count - 14) {
                #expect(throws: DataFileError.self, "\(name), \(length) bytes") {
                    try decodeImage(Array(bytes[..<length]))
                }
            }
        }
    }
}
