# The hub in a container: it listens on all of the container's addresses, so it asks for a token given explicitly
# (GODOT_HUB_TOKEN, or GODOT_HUB_TOKEN_FILE with a mounted secret) and does not start without one.

# Node 24 is maintained until April 2028. A tag can be moved, a digest can't: it is that of the index of all platforms.
# `docker buildx imagetools inspect node:24-bookworm-slim` tells the next one.
ARG NODE=node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6

FROM ${NODE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
# The bundle carries its dependencies, but for the optional native one.
RUN npm run build \
  && mkdir -p runtime/node_modules \
  && for package in bufferutil node-gyp-build; do \
    if [ -d "node_modules/$package" ]; then cp -r "node_modules/$package" runtime/node_modules/; fi; \
  done

FROM ${NODE}
ENV NODE_ENV=production \
  GODOT_HUB_HOME=/state \
  GODOT_HUB_HOST=0.0.0.0 \
  GODOT_HUB_PORT=6520
WORKDIR /app
COPY --from=build /build/runtime ./
COPY package.json LICENSE PROTOCOL.md ./
COPY godot-client/addons ./godot-client/addons
COPY --from=build /build/dist ./dist
RUN install --directory --owner=node --group=node --mode=0700 /state
USER node
VOLUME /state
EXPOSE 6520
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "dist/godot-hub.js", "status"]
CMD ["node", "dist/godot-hub.js", "run"]
