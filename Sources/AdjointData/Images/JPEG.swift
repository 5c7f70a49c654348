/// The functions of libjpeg-turbo's TurboJPEG interface, which is the same since its version 1.4.
/// Errors in there end in a message, never in a jump or the end of the process.
struct JPEG: Sendable {
    private typealias Handle = UnsafeMutableRawPointer
    private typealias Start = @convention(c) () -> Handle?
    private typealias Stop = @convention(c) (Handle) -> CInt
    private typealias Header =
        @convention(c) (
            Handle, UnsafeRawPointer?, UInt, UnsafeMutablePointer<CInt>,
            UnsafeMutablePointer<CInt>, UnsafeMutablePointer<CInt>, UnsafeMutablePointer<CInt>
        ) -> CInt
    private typealias Decompress =
        @convention(c) (
            Handle, UnsafeRawPointer?, UInt, UnsafeMutableRawPointer?, CInt, CInt, CInt, CInt, CInt
        ) -> CInt
    private typealias Message = @convention(c) (Handle?) -> UnsafePointer<CChar>?

    private let start: Start
    private let stop: Stop
    private let header: Header
    private let decompress: Decompress
    /// Of a handle since version 2.0; before that of the process, and the handle is not looked at.
    private let message: Message

    static let shared: JPEG? = {
        guard
            let library = SharedLibrary([
                "libturbojpeg.so.0", "libturbojpeg.0.dylib", "libturbojpeg.dylib",
                "libturbojpeg.so",
            ]),
            let start = library.function("tjInitDecompress", as: Start.self),
            let stop = library.function("tjDestroy", as: Stop.self),
            let header = library.function("tjDecompressHeader3", as: Header.self),
            let decompress = library.function("tjDecompress2", as: Decompress.self),
            let message = library.function("tjGetErrorStr2", as: Message.self)
                ?? library.function("tjGetErrorStr", as: Message.self)
        else { return nil }
        return JPEG(
            start: start, stop: stop, header: header, decompress: decompress, message: message)
    }()

    static func missing(_ path: String) -> DataFileError {
        DataFileError(
            path: path, problem: "JPEG images take libjpeg-turbo, and none was found",
            advice: "install it (Debian and Ubuntu: apt install libturbojpeg0; macOS: brew install "
                + "jpeg-turbo)")
    }

    static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

    /// `TJPF_RGB` and `TJPF_GRAY`; `TJCS_GRAY`.
    private static let rgb: CInt = 0
    private static let gray: CInt = 6
    private static let grayFile: CInt = 2
    /// `TJFLAG_LIMITSCANS`: a progressive image of thousands of scans is refused.
    private static let flags: CInt = 32_768

    /// The pixels of a JPEG file. Of a coloured one brightness alone is read where that is wanted.
    func pixels(
        _ bytes: UnsafeRawBufferPointer, mode: ImageMode, path: String
    ) throws(DataFileError) -> Pixels {
        guard let handle = start() else {
            throw DataFileError(
                path: path, problem: "libjpeg-turbo refuses to start", advice: "free some memory")
        }
        defer { _ = stop(handle) }
        var (width, height, sampling, colors): (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
        guard
            header(
                handle, bytes.baseAddress, UInt(bytes.count), &width, &height, &sampling, &colors)
                == 0
        else { throw .damaged(path, "the JPEG image cannot be read (\(text(handle)))") }
        let (rows, columns) = (Int(height), Int(width))
        // Each block of 64 pixels takes a bit at least.
        guard rows > 0, columns > 0, rows * columns <= Pixels.most,
            rows * columns / 512 <= bytes.count
        else {
            throw .damaged(
                path,
                "the JPEG header states \(columns) x \(rows) pixels, which \(bytes.count) "
                    + "bytes cannot hold, or more than 2^28")
        }
        let isGray = colors == Self.grayFile || mode == .gray || mode == .grayAlpha
        let pixels = Pixels(height: rows, width: columns, channels: isGray ? 1 : 3)
        let status = decompress(
            handle, bytes.baseAddress, UInt(bytes.count), pixels.memory.memory, width, 0, height,
            isGray ? Self.gray : Self.rgb, Self.flags)
        if status != 0 {
            let problem = text(handle)
            // Bytes between two segments harm nothing, and are the one fault of many a camera.
            guard problem.contains("extraneous bytes before marker") else {
                throw .damaged(path, "the JPEG image cannot be read (\(problem))")
            }
        }
        return pixels
    }

    private func text(_ handle: Handle) -> String {
        message(handle).map { String(cString: $0) } ?? "no message"
    }
}
