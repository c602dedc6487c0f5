# The program alone, for a site that is mounted at /site: docs/src/install.md says how.
FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked --bin tidings && mkdir /site

# It needs libc, libgcc and the authorities' certificates, which this image has, and no shell.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /build/target/release/tidings /usr/bin/tidings
# A volume without a name begins as this folder is, and belongs to the same user.
COPY --from=build --chown=nonroot:nonroot /site /site
VOLUME /site
EXPOSE 8080
ENTRYPOINT ["tidings", "-C", "/site"]
CMD ["run"]
