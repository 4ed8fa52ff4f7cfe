# API and worker: the same image, another command. Build context: the repository's root.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# As scripts/setup.mjs installs them, and for its reasons.
RUN npm install --no-save --omit=dev --loglevel=error

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY proto proto
COPY src src
COPY deploy/http-health.mjs deploy/http-health.mjs
COPY examples/market-data examples/market-data
# A volume mounted here starts with this owner.
RUN mkdir /state && chown node:node /state
USER node
CMD ["node", "--max-semi-space-size=8", "src/api/main.ts"]
